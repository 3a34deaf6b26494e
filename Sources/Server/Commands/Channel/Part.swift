import IRCProtocol
import MainLoop
import NIOCore
import Store

/// `PART` (modern-irc "PART message").
@LoopActor
func part(_ context: CommandContext) {
    guard let names = context.names(0) else { return }
    let reason = context.message[1].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: context.world.configuration.limits.quit) }
    for name in names {
        guard let (channel, _) = context.channelOfMine(name) else { continue }
        let isTold = reason.map { context.mayLeave($0, channel) } ?? false
        context.world.part(context.client, from: channel, reason: isTold ? reason : nil)
    }
}

extension CommandContext {
    /// Whether the others may read why `client` leaves.
    ///
    /// - Parameter channel: nil: all of them.
    func mayLeave(_ reason: String, _ channel: Channel? = nil) -> Bool {
        world.filter(ByteBuffer(string: reason), .leave, by: client, in: channel?.name.folded) == .passes
    }
}

extension World {
    /// Takes `client` out of `channel` and tells everybody there, it too.
    func part(_ client: Client, from channel: Channel, reason: String?) {
        send(event(.part, in: channel, by: client, text: reason), about: client, to: channel)
        leave(channel, client)
    }
}
