import IRCProtocol
import MainLoop

/// `LINKS` (modern-irc "LINKS message"): there is one server, so there are no links; who asks for it by a mask is told of it.
@LoopActor
func links(_ context: CommandContext) {
    let configuration = context.world.configuration
    let given = context.message[1] ?? context.message[0]
    let mask = given ?? "*"
    if given != nil, Mask(glob: mask).matches(configuration.name) {
        context.reply(.links, configuration.name, configuration.name, text: "0 \(configuration.description)")
    }
    context.reply(.endOfLinks, mask.asParameter, text: "End of /LINKS list")
}

/// `TRACE` (RFC 2812 section 3.4.8): the way from here to here.
@LoopActor
func trace(_ context: CommandContext) {
    guard context.isAboutThisServer(0) else { return }
    context.reply(.endOfTrace, context.world.configuration.name, Version.text, text: "End of TRACE")
}
