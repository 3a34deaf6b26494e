import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// `DEFCON [<level> [<reason>]]`.
@LoopActor
func changeDefense(_ request: ServiceRequest) {
    let world = request.world
    guard let typed = request[0] else {
        return request.say("DEFCON is \(world.defense.rawValue): \(world.defense.meaning)")
    }
    guard let level = Int(typed).flatMap({ DefenseLevel(rawValue: $0) }) else { return request.sayUsage() }
    let (state, reason) = (world.services.state, request.text(from: 1).truncated(toBytes: BanRequest.reasonLimit))
    request.wait {
        (try? await state.set(World.defenseKey, Data("\(level.rawValue)".utf8))) != nil
    } effect: { isStored in
        guard isStored else { return }
        world.defense = level
        let why = reason.isEmpty ? "" : ": \(reason)"
        request.audit(
            "defcon.changed", ["target": "\(level.rawValue)", "reason": reason],
            notice: "\(request.asker.name) sets DEFCON \(level.rawValue), \(level.meaning)\(why)")
    } then: { isStored in
        guard isStored else { return request.refuseForNow() }
        request.say("DEFCON is \(level.rawValue): \(level.meaning)")
    }
}

extension World {
    /// Where the level is kept over a restart.
    nonisolated static let defenseKey = "defcon"

    /// Brings the level back.
    func restoreDefense() async throws {
        guard let stored = try await services.state.get(Self.defenseKey) else { return }
        defense = Int(String(decoding: stored, as: UTF8.self)).flatMap { DefenseLevel(rawValue: $0) } ?? .normal
        if defense < .normal { logger.warning("defcon.in_force", metadata: ["level": "\(defense.rawValue)"]) }
    }

    /// Whether the level lets in who is about to be registered; it is told and disconnected otherwise.
    func isOpen(to session: Session) -> Bool {
        guard !Permissions.connect(as: session.client.identity, at: defense, configuration) else { return true }
        if session.client.identity == nil, defense == .accountsOnly {
            let text = "Only those who log in get in now: use SASL"
            session.send(Line(fail: .accountRequired, of: "*", [], text: text, from: configuration.name))
            doom(session, .killed(text))
        } else {
            let text = "The server is closed for now, try again later"
            session.send(Line(configuration.name, Numeric.bannedFromServer.digits, [session.target], text: text))
            doom(session, .killed(text))
        }
        return false
    }
}
