import IRCProtocol
import Logging
import MainLoop
import Store

/// Where the history of channels goes when they get another name or end.
extension World {
    /// Nobody is in `channel` any more, and it is nobody's. What was said in it ends with it, unless everybody could have read it:
    /// whoever opens a channel of this name next is perhaps somebody else.
    func sealHistory(of channel: Channel) {
        guard configuration.history.enabled, !Permissions.readPublicly(channel) else { return }
        let name = channel.name
        namesOnHold.hold([name.folded])
        job { [self] in
            await moveHistory(from: Conversation.channel(name.folded), to: channel.sealedConversation)
        } then: { [self] _ in
            namesOnHold.release([name.folded])
        }
    }

    /// Makes everything of one conversation a part of another one; returns whether that was done.
    func moveHistory(from old: String, to new: String) async -> Bool {
        await services.historyWriter.flush()
        do {
            try await services.history.move(old, to: new)
            return true
        } catch {
            logger.error("history.move.failed", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Returns when nobody holds the channel name.
    func released(_ folded: String) async {
        await withCheckedContinuation { namesOnHold.wait(for: folded, $0) }
    }
}

extension Channel {
    /// A conversation that no name leads to: only the authors of what is in it still get at their own lines.
    var sealedConversation: String { "ended \(createdAt) \(name.folded)" }
}
