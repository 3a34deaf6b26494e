import Accounts
import IRCProtocol
import MainLoop
import Store

/// Lines that one answer shows.
private let shown = 200

/// `CLIENTS [<mask>]`.
@LoopActor
func listClients(_ request: ServiceRequest) {
    guard let found = request.clients(request[0]) else { return }
    for client in found.prefix(shown) {
        let transports = client.sessions.map(\.peer.transport.rawValue)
        let account = client.identity.map { ", account \($0.account)" } ?? ""
        request.say(
            "  \(client.source), \(client.address)\(account), \(client.channels.count) channels, "
                + (transports.isEmpty ? "no connection" : transports.joined(separator: " and ")))
    }
    request.say("\(found.count) people\(found.count > shown ? ", of whom \(shown) are shown" : "")")
}

/// `CHANNELS [<pattern>]`.
@LoopActor
func listAllChannels(_ request: ServiceRequest) {
    let mask = Mask(glob: request[0] ?? "*")
    let found = request.world.channels.values.filter { mask.matches($0.name.text) }.sorted { $0.name.folded < $1.name.folded }
    for channel in found.prefix(shown) {
        let founder = channel.registration.map { ", registered by \($0.founder)" } ?? ""
        request.say(
            "  \(channel.name.text) \(channel.members.count) members, \(channel.modes.text(showingKey: false).joined(separator: " "))\(founder)"
        )
    }
    request.say("\(found.count) channels\(found.count > shown ? ", of which \(shown) are shown" : "")")
}

/// `TRACE <nickname or mask>`: all about somebody, connection by connection.
@LoopActor
func traceClient(_ request: ServiceRequest) {
    let tracedPeople = 10
    guard let found = request.clients(request[0]) else { return }
    guard !found.isEmpty else { return request.refuse("Nobody is here who fits \(request[0] ?? "")") }
    for client in found.prefix(tracedPeople) { trace(client, request) }
    if found.count > tracedPeople { request.say("\(found.count) people, of whom \(tracedPeople) are shown; CLIENTS lists all") }
}

@LoopActor
private func trace(_ client: Client, _ request: ServiceRequest) {
    let world = request.world
    request.say("\(client.source) (\(client.realname))")
    let identity = client.identity.map { identity in
        "account \(identity.account)" + (identity.did.map { ", \($0)" } ?? "") + (identity.handle.map { ", @\($0)" } ?? "")
    }
    request.say("  \(identity ?? "not logged in"); modes \(client.modes.text); on since \(ServerTime.format(client.signedOnAt))")
    let channels = client.channels.values.sorted { $0.name.folded < $1.name.folded }
        .map { ($0[client]?.ranks.prefixes(all: false) ?? "") + $0.name.text }
    if !channels.isEmpty { request.say("  in \(channels.joined(separator: " "))") }
    if let ban = world.serverBans.all.first(where: { $0.target.catches(BanSubject(client)) }) {
        request.say("  fits \(ban.action == .exempt ? "exemption" : "ban") \(ban.record.id) on \(ban.record.mask)")
    }
    for (index, session) in client.sessions.enumerated() { trace(session, index + 1, request) }
    if client.sessions.isEmpty { request.say("  no connection: it stays without one") }
}

@LoopActor
private func trace(_ session: Session, _ number: Int, _ request: ServiceRequest) {
    let now = request.world.clock.uptime
    let seconds = { (since: Duration) in (now - since).components.seconds }
    let gateway = session.gateway.map { " by the gateway \($0)" } ?? ""
    let device = session.device.map { ", device \($0)" } ?? ""
    let listed = session.listedIn.map { ", listed in \($0.zone)" } ?? ""
    request.say(
        "  connection \(number): \(session.peer.address)\(gateway), \(session.peer.transport.rawValue), for \(seconds(session.connectedAt)) seconds, "
            + "silent for \(seconds(session.heardAt))\(device)\(listed)")
    if let proof = session.proof {
        request.say("    logged in by \(proof.kind)\(session.webLogin == nil ? "" : ", rests on a login on the web")")
    }
    request.say(
        "    \(session.received.lines) lines with \(session.received.bytes) bytes came in, \(session.inbox.bytes) bytes wait to be run, "
            + "\(session.connection.unsentBytes) to be sent")
    if let certificate = session.peer.certificateFingerprint { request.say("    certificate \(certificate)") }
    let capabilities = session.capabilities.all.map(\.name)
    if !capabilities.isEmpty { request.say("    capabilities \(capabilities.joined(separator: " "))") }
}

extension Identity.Proof {
    /// What it is, without the hash.
    fileprivate var kind: String {
        switch self {
        case .identity: "its identity"
        case .password: "password"
        case .certificate: "certificate"
        case .credential: "device password"
        }
    }
}

extension ServiceRequest {
    /// Those whom `typed` means, by nickname: a nickname, or a mask as bans have it; nil: everybody. Answers and gives nil when it makes
    /// no sense.
    fileprivate func clients(_ typed: String?) -> [Client]? {
        let all = world.clients.values.sorted { $0.target < $1.target }
        guard let typed, typed != "*" else { return all }
        if let client = world.person(named: typed) { return [client] }
        if let target = ServerBan.Target(typed) { return all.filter { target.catches(BanSubject($0)) } }
        refuse(
            Nickname(typed, limit: world.configuration.limits.nick) == nil
                ? BanRequest.Refusal.noMask(typed).text : "Nobody is here who fits \(typed)")
        return nil
    }
}
