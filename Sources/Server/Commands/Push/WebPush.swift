import Accounts
import IRCProtocol
import MainLoop
import Push

/// `WEBPUSH` (proposal draft/webpush, soju.im/webpush): devices that want to be woken.
@LoopActor
func webPush(_ context: CommandContext) {
    let (world, session) = (context.world, context.session)
    let (subcommand, endpoint) = (context.message[0]?.uppercased() ?? "", context.message[1] ?? "")
    func fail(_ code: FailCode, _ text: String) {
        context.fail(code, [subcommand] + (endpoint.isEmpty ? [] : [endpoint]), text: text)
    }
    guard let sender = world.pushSender else { return fail(.forbidden, "Web push is switched off here") }
    if subcommand == "VAPIDPUBKEY" {
        return session.send(Line(world.configuration.name, "WEBPUSH", ["VAPIDPUBKEY", sender.publicKey]))
    }
    guard subcommand == "REGISTER" || subcommand == "UNREGISTER" else { return fail(.invalidParams, "Unknown subcommand") }
    guard let account = context.client.identity?.account else { return fail(.forbidden, "You must be logged in to an account") }
    guard endpoint.hasPrefix("https://"), endpoint.isSafeParameter else {
        return fail(.invalidParams, "The endpoint must be an https address")
    }
    guard subcommand == "REGISTER" else {
        return context.wait {
            await sender.unregister(endpoint, account: account)
        } then: {
            session.send(Line(world.configuration.name, "WEBPUSH", ["UNREGISTER", endpoint]))
        }
    }
    guard let text = context.message[2], let keys = PushKeys(text) else { return fail(.invalidParams, "Expected p256dh=<key>;auth=<key>") }
    guard world.allowances.spend("device \(account)", limit: 30, at: world.clock.uptime) else {
        return fail(.rateLimited, "Too many registrations, try again later")
    }
    context.wait {
        await sender.register(endpoint, keys, account: account)
    } then: { outcome in
        switch outcome {
        case .registered:
            session.send(Line(world.configuration.name, "WEBPUSH", ["REGISTER", endpoint, text]))
            guard !context.client.staysOn else { return }
            session.send(
                Line(
                    .persistenceRequired, of: "WEBPUSH",
                    text: "While you have no connection, only messages to your DID reach you; /msg NickServ SET ALWAYS-ON ON changes that",
                    from: world.configuration.name))
        case .tooMany: fail(.maxRegistrations, "You have \(PushSender.devices) devices registered already")
        case .unreachable: fail(.invalidParams, "The push service did not take a test notification")
        case .failed: fail(.internalError, "It could not be stored, try again in a moment")
        }
    }
}
