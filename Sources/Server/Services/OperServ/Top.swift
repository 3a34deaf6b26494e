import IRCProtocol
import MainLoop

/// `TOP [<seconds>]`: who and what keeps the server busy now.
@LoopActor
func tellBusiest(_ request: ServiceRequest) {
    // A stop waits for it.
    let longest = 15
    guard let seconds = Int(request[0] ?? "5"), (1...longest).contains(seconds) else { return request.sayUsage() }
    let (world, before) = (request.world, Snapshot(request.world))
    request.wait { [clock = world.clock] in
        try? await clock.sleep(for: .seconds(seconds))
    } then: { _ in
        let work = before.since(then: world)
        request.say("In \(seconds) seconds:")
        for (session, lines) in work.sessions {
            let address = world.shownAddress(of: session, to: request.asker.person)
            request.say("  \(session.client.source) from \(address): \(lines) lines came in")
        }
        for (verb, uses, time) in work.commands { request.say("  \(verb): \(uses) times, \(time.inMilliseconds) ms") }
        let mayKnow = Permissions.exercise(.auspex, by: request.asker.person)
        let addresses = Dictionary(grouping: world.sessions.values) { mayKnow ? AddressGroup($0.peer.address).key : $0.client.host }
            .map { (address: $0.key, count: $0.value.count) }
            .sorted { ($1.count, $0.address) < ($0.count, $1.address) }
        request.say("Most connections:")
        for (address, count) in addresses.prefix(shown) { request.say("  \(address): \(count)") }
        let queues = world.sessions.values.filter { $0.connection.unsentBytes > 0 }
            .sorted { $0.connection.unsentBytes > $1.connection.unsentBytes }
        request.say("Longest send queues:")
        for session in queues.prefix(shown) { request.say("  \(session.client.source): \(session.connection.unsentBytes) bytes") }
        if queues.isEmpty { request.say("  none") }
    }
}

/// Rows of each table.
private let shown = 5

/// What had been done at one moment.
@LoopActor
private struct Snapshot {
    let lines: [ObjectIdentifier: Int]
    let uses: [Int]
    let times: [Duration]

    init(_ world: World) {
        lines = world.sessions.mapValues(\.received.lines)
        uses = world.counts.commandUses
        times = world.counts.commandTimes.map(\.sum)
    }

    /// What was done since; the busiest first, each at most ``shown``.
    func since(
        then world: World
    ) -> (sessions: [(session: Session, lines: Int)], commands: [(verb: String, uses: Int, time: Duration)]) {
        let sessions = world.sessions.map { (session: $0.value, lines: $0.value.received.lines - (lines[$0.key] ?? 0)) }
            .filter { $0.lines > 0 }
            .sorted { ($1.lines, $0.session.target) < ($0.lines, $1.session.target) }
        let commands = zip(world.commandNames, zip(world.counts.commandUses, world.counts.commandTimes)).enumerated()
            .map { (verb: $1.0, uses: $1.1.0 - uses[$0], time: $1.1.1.sum - times[$0]) }
            .filter { $0.uses > 0 }
            .sorted { ($1.time, $1.uses, $0.verb) < ($0.time, $0.uses, $1.verb) }
        return (Array(sessions.prefix(shown)), Array(commands.prefix(shown)))
    }
}

extension Duration {
    fileprivate var inMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
