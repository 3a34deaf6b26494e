import IRCProtocol
import MainLoop
import NIOCore

extension CommandContext {
    /// `METADATA <target> GET <key>…`: one answer for every key, in order.
    func get(_ target: MetadataTarget) {
        let keys = message.parameters.dropFirst(2)
        guard !keys.isEmpty else { return needMoreParameters() }
        reply.batch("metadata", [target.name]) {
            for key in keys {
                guard MetadataKey.isValid(key) else {
                    fail(.keyInvalid, key.asParameter, text: "A key has the letters a to z, digits, _ . / and - only")
                    continue
                }
                tell(target, key, target.metadata[key])
            }
        }
    }

    /// `METADATA <target> LIST`.
    func list(_ target: MetadataTarget) {
        reply.batch("metadata", [target.name]) {
            for key in target.metadata.keys { tell(target, key, target.metadata[key]) }
        }
    }

    /// `METADATA <target> SYNC`: what the client has subscribed to, of a channel with all its members. It takes no more than half of
    /// what is left of the send queue; 774 says when there is more.
    func sync(_ target: MetadataTarget) {
        var room = (session.rules.limits.sendQueue - session.connection.unsentBytes) / 2
        var isWhole = true
        reply.batch("metadata", [target.name]) {
            for subject in world.metadataSubjects(of: target, for: client) {
                for line in world.metadataLines(of: subject, to: session) where isWhole {
                    room -= line.body.readableBytes
                    guard room >= 0 else {
                        isWhole = false
                        break
                    }
                    session.send(line)
                }
            }
        }
        if !isWhole { reply(.metadataSyncLater, target.name, "60") }
    }

    /// 761, or 766 for a key that is not set.
    func tell(_ target: MetadataTarget, _ key: String, _ value: String?) {
        if let value {
            reply(.keyValue, target.name, key, "*", text: value)
        } else {
            reply(.keyNotSet, target.name, key, text: "key not set")
        }
    }
}
