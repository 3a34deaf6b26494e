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
    guard let text = context.message[1] else { return context.session.send(world.readMarker(of: client, target)) }
    guard text.hasPrefix("timestamp="), let time = ServerTime.parse(text.dropFirst(10)) else {
        return context.fail(.invalidParams, target, text: "Expected timestamp=<YYYY-MM-DDThh:mm:ss.sssZ>")
    }
    let (folded, limit) = (CaseMapping.fold(target), world.configuration.limits.readMarkers)
    guard client.readMarkers[folded].map({ $0 < time }) ?? true else { return context.session.send(world.readMarker(of: client, target)) }
    guard let account = client.identity?.account else {
        _ = client.readMarkers.advance(folded, to: time, limit: limit)
        return context.session.send(world.readMarker(of: client, target))
    }
    let store = world.services.readMarkers
    context.wait {
        (try? await store.set(folded, time, ofAccount: account, limit: limit)) != nil
    } then: { isStored in
        guard isStored else { return context.fail(.internalError, target, text: "Could not save the read marker") }
        for other in world.accounts[account] {
            guard other.readMarkers.advance(folded, to: time, limit: limit) else { continue }
            for session in other.sessions where session !== context.session && session.capabilities.contains(.readMarker) {
                session.send(world.readMarker(of: other, target))
            }
        }
        context.session.send(world.readMarker(of: client, target))
    }
}

extension World {
    /// How far `client` has read in `target`; `*` when that is not known.
    func readMarker(of client: Client, _ target: String) -> Line {
        let time = client.readMarkers[CaseMapping.fold(target)].map { "timestamp=" + ServerTime.format($0) }
        return Line(configuration.name, "MARKREAD", [target, time ?? "*"])
    }
}
