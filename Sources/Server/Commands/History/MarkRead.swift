import Accounts
import IRCProtocol
import MainLoop
import Store

/// `MARKREAD <target> [timestamp=…]` (draft/read-marker): asks how far one has read, or says it to all of one's connections.
@LoopActor
func markRead(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let target = context.message[0], target.isSafeParameter else {
        return context.fail(.needMoreParams, text: "Missing parameters")
    }
    guard let text = context.message[1] else {
        return context.withMarkerKey(of: target) { context.session.send(world.readMarker(of: client, target, key: $0)) }
    }
    guard text.hasPrefix("timestamp="), let time = ServerTime.parse(text.dropFirst(10)) else {
        return context.fail(.invalidParams, target, text: "Expected timestamp=<YYYY-MM-DDThh:mm:ss.sssZ>")
    }
    context.withMarkerKey(of: target) { context.advanceMarker(of: target, key: $0, to: time) }
}

extension CommandContext {
    /// Finds out under which key the marker of `target` is kept: the folded name of a channel, and of a conversation whoever history
    /// has on the other side, so that a marker stays where it is when that person has another nickname.
    fileprivate func withMarkerKey(of target: String, _ body: @escaping @LoopActor (String) -> Void) {
        if ChannelName.looksLikeChannel(target) { return body(CaseMapping.fold(target)) }
        if let person = world.person(named: target) { return body(CaseMapping.fold(person.correspondent)) }
        let (me, store, writer) = (client.correspondent, world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            let conversation = try? await store.conversation(of: me, with: target)
            return conversation.flatMap { Conversation.other(than: me, in: $0) } ?? CaseMapping.fold(target)
        } then: { (key: String) in
            body(key)
        }
    }

    fileprivate func advanceMarker(of target: String, key: String, to time: Int64) {
        let (world, client, limit) = (world, client, world.configuration.limits.readMarkers)
        func answer() { session.send(world.readMarker(of: client, target, key: key)) }
        guard client.readMarkers[key].map({ $0 < time }) ?? true else { return answer() }
        guard let account = client.identity?.account else {
            _ = client.readMarkers.advance(key, to: time, limit: limit)
            return answer()
        }
        let store = world.services.readMarkers
        wait {
            (try? await store.set(key, time, ofAccount: account, limit: limit)) != nil
        } then: { isStored in
            guard isStored else { return fail(.internalError, target, text: "Could not save the read marker") }
            for other in world.accounts[account] {
                guard other.readMarkers.advance(key, to: time, limit: limit) else { continue }
                for session in other.sessions where session !== self.session && session.capabilities.contains(.readMarker) {
                    session.send(world.readMarker(of: other, target, key: key))
                }
            }
            answer()
        }
    }
}

extension World {
    /// How far `client` has read in `target`; `*` when that is not known.
    ///
    /// - Parameter key: under which the marker is kept.
    func readMarker(of client: Client, _ target: String, key: String) -> Line {
        let time = client.readMarkers[key].map { "timestamp=" + ServerTime.format($0) }
        return Line(configuration.name, "MARKREAD", [target, time ?? "*"])
    }
}
