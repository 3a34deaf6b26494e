import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

extension CommandContext {
    /// `METADATA <target> SET <key> [:<value>]`.
    func set(_ target: MetadataTarget) {
        guard let key = message[2] else { return needMoreParameters() }
        let value = message[3]
        guard MetadataKey.isValid(key) else {
            return fail(.keyInvalid, key.asParameter, text: "A key has the letters a to z, digits, _ . / and - only")
        }
        guard Permissions.changeMetadata(of: target, by: client) else {
            return fail(.keyNoPermission, target.name, key, text: "You may not change this")
        }
        guard value.map({ $0.utf8.count <= Metadata.maximumValue }) ?? true else {
            let text = "A value has at most \(Metadata.maximumValue) bytes"
            return session.capabilities.contains(.metadata3)
                ? fail(.invalidValue, key, text: text) : fail(.valueInvalid, text: text)
        }
        let before = target.metadata[key]
        guard value != nil || before != nil else { return fail(.keyNotSet, target.name, key, text: "The key is not set") }
        guard before != nil || target.metadata.values.count < world.configuration.limits.metadataKeys else {
            return fail(.limitReached, target.name, text: "At most \(world.configuration.limits.metadataKeys) keys can be set")
        }
        if let seconds = client.metadata.countChange(at: world.clock.uptime, limit: world.configuration.limits.metadataChanges) {
            return fail(.rateLimited, target.name, key, String(seconds), text: "Too many changes, wait \(seconds) seconds")
        }
        change(target, [key: value]) { tell(target, key, value) }
    }

    /// `METADATA <target> CLEAR`.
    func clear(_ target: MetadataTarget) {
        guard Permissions.changeMetadata(of: target, by: client) else {
            return fail(.keyNoPermission, target.name, "*", text: "You may not change this")
        }
        let keys = target.metadata.keys
        if let seconds = client.metadata.countChange(at: world.clock.uptime, limit: world.configuration.limits.metadataChanges) {
            return fail(.rateLimited, target.name, "*", String(seconds), text: "Too many changes, wait \(seconds) seconds")
        }
        change(target, Dictionary(keys.map { ($0, nil) }, uniquingKeysWith: { first, _ in first })) {
            reply.batch("metadata", [target.name]) {
                for key in keys { tell(target, key, nil) }
            }
        }
    }

    /// Makes the changes, on disk first where they are to last, then answers and tells those who want to know.
    private func change(_ target: MetadataTarget, _ changes: [String: String?], _ answer: @escaping @LoopActor () -> Void) {
        let apply: @LoopActor () -> Void = {
            // Those of one account have it in common, also under other nicknames.
            let others = target.account.map { world.accounts[$0].map(MetadataTarget.person) } ?? [target]
            for other in others {
                for (key, value) in changes { other.metadata[key] = value }
            }
            if case .channel(let channel) = target { world.keep(channel) }
            answer()
            for other in others {
                for key in changes.keys.sorted() { world.announceMetadata(of: other, key, except: session) }
            }
        }
        guard let account = target.account, !changes.isEmpty else { return apply() }
        let store = world.services.metadata
        wait {
            do {
                try await store.change(changes, ofAccount: account)
                return nil as String?
            } catch {
                return "\(error)"
            }
        } then: { error in
            guard let error else { return apply() }
            world.logger.error("metadata.write.failed", metadata: ["error": "\(error)"])
            fail(.internalError, target.name, text: "This could not be stored, try again in a moment")
        }
    }
}
