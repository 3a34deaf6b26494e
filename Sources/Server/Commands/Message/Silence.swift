import IRCProtocol
import MainLoop

/// `SILENCE` (ircu): `SILENCE +mask`, `SILENCE -mask`; without a parameter the list. Extended bans serve as masks too.
@LoopActor
func silence(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let items = context.message[0], !items.isEmpty else { return context.listSilence() }
    for item in items.split(separator: ",") {
        let typed = String(item.drop { $0 == "+" || $0 == "-" })
        guard typed.isSafeParameter, let mask = BanMask(typed), mask.text.utf8.count <= ChannelModeEditor.maskLimit else { continue }
        if item.hasPrefix("-") {
            if let gone = client.silence.remove(mask) { context.tellSilence("-", gone) }
        } else if client.silence.masks.count >= world.configuration.limits.silence {
            context.reply(.silenceListFull, mask.text, text: "Your silence list is full")
        } else if client.silence.add(mask) {
            context.tellSilence("+", mask)
        }
    }
}

extension CommandContext {
    /// The list has changed.
    fileprivate func tellSilence(_ sign: String, _ mask: BanMask) {
        world.keep(client)
        client.send(world.event(by: client, "SILENCE", [sign + mask.text]))
    }

    fileprivate func listSilence() {
        for mask in client.silence.masks { reply(.silenceList, client.target, mask.text) }
        reply(.endOfSilenceList, text: "End of /SILENCE list")
    }
}
