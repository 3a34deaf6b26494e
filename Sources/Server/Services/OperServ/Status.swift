import IRCProtocol
import MainLoop

/// `STATUS`: the server at a glance.
@LoopActor
func tellStatus(_ request: ServiceRequest) {
    let (world, census) = (request.world, request.world.census())
    world.expireBans()
    let counts = world.counts
    request.say("\(world.configuration.name), Roost \(Version.number), up for \(world.upFor.text)")
    if world.isDraining { request.say("  DRAIN: new connections are refused") }
    request.say("  DEFCON \(world.defense.rawValue): \(world.defense.meaning)")
    request.say(
        "  \(census.clients) people (at most \(census.peakClients) since the start): \(census.loggedIn) logged in, "
            + "\(census.operators) operators, \(census.residents) stay without a connection")
    let kinds = census.connections.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.value.registered + $0.value.registering) \($0.key.rawValue)" }
    let registering = census.connections.values.reduce(0) { $0 + $1.registering }
    request.say(
        "  \(world.sessions.count) connections\(kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", ")); "
            + "\(registering) have not registered yet")
    request.say("  \(census.channels) channels with \(census.memberships) members; \(world.serverBans.all.count) bans and exemptions")
    request.say("  \(counts.linesIn) lines came in, \(counts.linesOut) went out")
    request.say(
        "  waiting: \(census.unsentBytes) bytes to be sent, \(census.waitingSessions) connections with lines to run, "
            + "\(census.jobs) commands for slow work")
    let ends = Counts.End.allCases.filter { counts.ended[$0] > 0 }.map { "\(counts.ended[$0]) \($0.rawValue)" }
    let refusals = Counts.Refusal.allCases.filter { counts.refused[$0] > 0 }.map { "\(counts.refused[$0]) \($0.rawValue)" }
    request.say("  connections that ended: \(ends.isEmpty ? "none" : ends.joined(separator: ", "))")
    request.say("  connections that were refused: \(refusals.isEmpty ? "none" : refusals.joined(separator: ", "))")
}

extension World {
    /// How long this process serves.
    fileprivate var upFor: LastingTime {
        LastingTime(seconds: max(1, (clock.wallMilliseconds - startedAt) / 1000))
    }
}
