import IRCProtocol
import MainLoop

extension CommandContext {
    /// `METADATA * SUB <key>…`: key by key, until there are too many.
    func subscribe() {
        let keys = message.parameters.dropFirst(2)
        guard !keys.isEmpty else { return needMoreParameters() }
        let limit = world.configuration.limits.metadataSubscriptions
        var accepted: [String] = []
        var refused: String?
        for key in keys {
            guard MetadataKey.isValid(key) else {
                fail(.keyInvalid, key.asParameter, text: "A key has the letters a to z, digits, _ . / and - only")
                continue
            }
            guard session.subscriptions.contains(key) || session.subscriptions.count < limit else {
                refused = key
                break
            }
            session.subscriptions.insert(key)
            if !accepted.contains(key) { accepted.append(key) }
        }
        for line in accepted.joinedIntoLines() { reply(.metadataSubOK, line) }
        if let refused { fail(.tooManySubs, refused, text: "At most \(limit) keys can be subscribed to") }
        guard !accepted.isEmpty, session.isRegistered else { return }
        for channel in client.channels.values.sorted(by: { $0.name.folded < $1.name.folded }) {
            reply(.metadataSyncLater, channel.name.text)
        }
    }

    /// `METADATA * UNSUB <key>…`.
    func unsubscribe() {
        let keys = message.parameters.dropFirst(2)
        guard !keys.isEmpty else { return needMoreParameters() }
        var removed: [String] = []
        for key in keys {
            guard MetadataKey.isValid(key) else {
                fail(.keyInvalid, key.asParameter, text: "A key has the letters a to z, digits, _ . / and - only")
                continue
            }
            session.subscriptions.remove(key)
            if !removed.contains(key) { removed.append(key) }
        }
        for line in removed.joinedIntoLines() { reply(.metadataUnsubOK, line) }
    }

    /// `METADATA * SUBS`.
    func listSubscriptions() {
        reply.batch("metadata-subs") {
            for line in session.subscriptions.sorted().joinedIntoLines() { reply(.metadataSubs, line) }
        }
    }
}
