import Foundation

@testable import ATProto
@testable import Broker
@testable import Store

/// Something that may happen next, and where it leads.
struct RefreshMove {
    let name: String
    let world: RefreshWorld
    /// What must not have happened, if it did.
    var violation: String?
}

/// All that may happen to a world.
struct RefreshRules {
    var flaw: RefreshFlaw?

    /// What refuses or disturbs a refresh without the token being taken or the answer being read, each as the client sorts it;
    /// of those that are sorted alike one.
    static let disturbances: [(name: String, outcome: RefreshOutcome)] = {
        let answers: [(String, RefreshOutcome)] = [
            ("500", RefreshOutcome(status: 500, #"{"error":"server_error"}"#)), ("502", RefreshOutcome(status: 502, "")),
            ("503, Retry-After", RefreshOutcome(status: 503, "", retryAfter: "120")), ("302", RefreshOutcome(status: 302, "")),
            ("429", RefreshOutcome(status: 429, "")), ("429, Retry-After", RefreshOutcome(status: 429, "", retryAfter: "120")),
            ("200 that is no JSON", RefreshOutcome(status: 200, "<html>")), ("403", RefreshOutcome(status: 403, "<html>")),
            ("timeout", RefreshOutcome(FetchError.timeout)), ("reset", RefreshOutcome(FetchError.broken(reason: ""))),
            ("too large", RefreshOutcome(FetchError.tooLarge)), ("no connection", RefreshOutcome(FetchError.unreachable(reason: ""))),
            ("busy", RefreshOutcome(FetchError.busy)), ("no such host", RefreshOutcome(FetchError.dns(reason: ""))),
        ]
        let codes = [
            "use_dpop_nonce", "invalid_dpop_proof", "invalid_client", "invalid_client_metadata", "invalid_client_id", "unauthorized_client",
            "invalid_request", "invalid_scope", "unsupported_grant_type", "temporarily_unavailable", "something_new",
        ]
        var found: [String: (String, RefreshOutcome)] = [:]
        for (name, outcome) in answers + codes.map({ ($0, RefreshOutcome(status: 400, "{\"error\":\"\($0)\"}")) }) {
            let blank = outcome.withoutReason
            if found["\(blank)"] == nil { found["\(blank)"] = (name, blank) }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.value.0, $0.value.1) }
    }()

    func moves(from world: RefreshWorld) -> [RefreshMove] {
        var moves: [RefreshMove] = []
        for index in world.flights.indices { moves += stage(index, of: world) }
        moves += calls(world)
        func add(_ name: String, _ change: (inout RefreshWorld) -> Void) {
            var next = world
            change(&next)
            moves.append(RefreshMove(name: name, world: next.simplified))
        }
        add("a tick passes") { $0.pass() }
        add("the clock is set back") { $0.setClockBack() }
        crash(world).forEach { moves.append($0) }
        if world.isAlive { add("the server ends the session") { $0.isAlive = false } }
        if !world.row.isDead {
            add("the owner ends the session") {
                $0.isEnded = true
                $0.bury()
            }
        }
        if let straggler = world.straggler {
            add("a late request is lost") { $0.straggler = nil }
            add("a late request arrives") {
                $0.straggler = nil
                if straggler == 0 {
                    $0.rotate()
                    $0.isLost = true
                } else {
                    $0.isAlive = false
                }
            }
        }
        return moves
    }

    // MARK: - Callers

    func calls(_ world: RefreshWorld) -> [RefreshMove] {
        [false, true].map { call(world, needsVisit: $0) }
    }

    func call(_ world: RefreshWorld, needsVisit: Bool) -> RefreshMove {
        var next = world
        let name = needsVisit ? "a call with a visit" : "a call"
        var flight = RefreshWorld.Flight()
        flight.machine = next.flights[0].machine
        let entry = flight.machine.call(world.row, margin: RefreshWorld.margin, needsVisit: needsVisit, now: RefreshWorld.now)
        switch entry {
        case .answered(let proof):
            return RefreshMove(name: name, world: world, violation: world.objection(to: proof, in: nil))
        case .joined:
            if flaw == .doesNotJoin, next.flights.count == 1 {
                var other = RefreshWorld.Flight()
                _ = other.machine.call(world.row, margin: RefreshWorld.margin, needsVisit: true, now: RefreshWorld.now)
                next.flights.append(other)
            }
            return RefreshMove(name: name, world: next)
        case .begun:
            let isUnderWay = world.flights[0].machine.stage != .idle
            // A rotation that was held keeps its age.
            flight.age = world.flights[0].age
            next.flights[0] = flight
            return RefreshMove(
                name: name, world: next.simplified, violation: isUnderWay ? "a second flight of one session begins" : nil)
        }
    }

    // MARK: - Crashes

    /// The process dies; what it sent may still arrive.
    private func crash(_ world: RefreshWorld) -> [RefreshMove] {
        var next = world
        next.flights = [RefreshWorld.Flight()]
        // Whatever came or was on its way and is not on disk is gone.
        if world.stored != 0 { next.isLost = true }
        var moves = [RefreshMove(name: "a crash", world: next.simplified)]
        for flight in world.flights {
            guard case .asking(let errand) = flight.machine.stage, flight.answer == nil, world.straggler == nil else { continue }
            next.straggler = Renaming.tokens.firstIndex(of: errand.secrets.refreshToken)
            moves.append(RefreshMove(name: "a crash, the request still under way", world: next.simplified))
        }
        return moves
    }
}

extension RefreshWorld {
    mutating func bury() {
        row = row.with(state: .dead(reason: ""), accessExpiresAt: Self.past, intent: .some(nil), retryAt: .some(nil))
        accessLife = 0
    }

    /// Without what makes no difference any more.
    var simplified: RefreshWorld {
        var world = self
        let isSending = flights.contains { $0.machine.stage.number == RefreshStage.asking(.model).number }
        // Which token a note is about counts while it is sent; later, that there is one.
        if row.intent != nil, !isSending { world.row = row.with(intent: .some(Self.note(1))) }
        if row.isDead, flights.allSatisfy({ $0.machine == Self.restingMachine }) { world.isAlive = false }
        if isEnded || isDisowned || !world.isAlive { (world.isLost, world.straggler) = (false, nil) }
        if !world.isAlive {
            world.isDisowned = false
            world.stored = 1
            world.rename(Renaming(token: Renaming.older, answer: { ServerAnswer.older[$0] ?? $0 }))
        }
        for index in flights.indices { world.flights[index].simplify(accessLife: accessLife) }
        return world
    }

    /// What speaks against an answer to a caller, if anything does.
    func objection(to proof: SessionProof, in flight: Flight?) -> String? {
        switch proof {
        case .proven:
            // The broker knows whom it ended, whatever the flight says.
            let isVouched = isEnded || accessLife > 0 || flight?.isVouched == true
            return isVouched ? nil : "200, but nobody vouches for the owner any more"
        case .dead:
            return !isAlive || isEnded || isDisowned ? nil : "401, but the server has the session"
        case .gone: return "401, but the session is stored"
        case .unavailable(let wait):
            if wait <= .zero || wait > .seconds(3600) { return "503 with a wait of \(wait)" }
            let isInForce = accessLife > 0 && row.isVouchedFor(now: Self.now) && flight?.isTroubled == false
            return isInForce ? "503, but the access token is in force" : nil
        }
    }
}

extension RefreshWorld.Flight {
    fileprivate mutating func simplify(accessLife: Int) {
        if accessLife == 0 { isTroubled = false }
        switch machine.stage {
        case .storing: break
        default: if machine.unsaved == nil { age = 0 }
        }
    }
}

extension RefreshOutcome {
    /// The reason is for the log and would only multiply the worlds.
    var withoutReason: RefreshOutcome {
        switch self {
        case .rotated: self
        case .dead: .dead(reason: "")
        case .unknown(_, let retryAfter): .unknown(reason: "", retryAfter: retryAfter)
        case .notSent(_, let retryAfter): .notSent(reason: "", retryAfter: retryAfter)
        case .clientRefused(_, let retryAfter): .clientRefused(reason: "", retryAfter: retryAfter)
        }
    }
}
