import IRCProtocol
package import Logging
package import MainLoop
import Store

/// What operators do to the whole server. The daemon carries it out; the world only asks.
@LoopActor
package protocol ServerControl: AnyObject, Sendable {
    /// Reads configuration and certificates again. Returns what to tell the operator; a bad file changes nothing, and is a refusal.
    func rehash() async -> ServiceAnswer
    /// Stops the server, and starts it again when `restarting`.
    func stop(reason: String, restarting: Bool)
    /// What there is to tell of the certificates, and of those that are ordered.
    var certificateLines: [String] { get }
    /// Orders what waits after a failure now; false when no certificate is ordered.
    func retryCertificates() -> Bool
    /// The least level that the log has.
    var leastLogged: Logger.Level { get set }
}

/// `REHASH` (RFC 2812 section 4.2).
@LoopActor
func rehash(_ context: CommandContext) {
    let world = context.world
    context.reply(.rehashing, "roost.toml", text: "Rehashing")
    guard let control = world.control else { return context.notice("There is no configuration to read again") }
    context.wait {
        await control.rehash()
    } effect: { answer in
        world.audit("operator.rehash", by: context.client, [:], outcome: answer.isRefusal ? .failed : .done)
    } then: { answer in
        for line in answer.lines { context.notice(line) }
    }
}

/// `DIE` and `RESTART` (RFC 2812 sections 4.3 and 4.4). The name of the server keeps a slip of the tongue from ending it.
@LoopActor
func stop(_ context: CommandContext, restarting: Bool) {
    let (world, client) = (context.world, context.client)
    guard CaseMapping.fold(context.message[0] ?? "") == CaseMapping.fold(world.configuration.name) else {
        return context.notice("To be sure, give the name of this server: \(context.verb) \(world.configuration.name)")
    }
    world.audit(restarting ? "operator.restart" : "operator.die", by: client, [:])
    // After the note: nothing comes after a stop.
    world.control?.stop(reason: "\(restarting ? "Restarted" : "Stopped") by \(client.target)", restarting: restarting)
}
