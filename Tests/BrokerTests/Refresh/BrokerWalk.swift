import ATProto
import Foundation
import MainLoop
import RoostTesting
import Store

@testable import Broker

/// A broker that lives through chance, and the record of what happened to its sessions.
@LoopActor
final class BrokerWalk {
    /// What happened, for the check that all of it did.
    enum Count: CaseIterable {
        /// `lostAnswer`: the server rotated and its answer was spoilt; `lostInMemory`: the process died before it was stored.
        case called, ok, dead, unavailable, killed, revoked, lostAnswer, lostInMemory
    }

    private struct Login {
        let token: String
        /// The session at the authorization server.
        let session: Int
    }

    private static let logins = 6

    private(set) var problems: [String] = []
    private(set) var counts: [Count: Int] = [:]
    private var random: SplitMix
    private let path: String
    private var house: BrokerHouse
    private var process: NetworkProcess
    private var trap = RefreshTrap()
    private var changesUntil = 0
    private var logins: [Login] = []
    private var people = 0
    private var stepNumber = 0
    /// Sessions that the server may end without any fault of the broker: revoked there, or rotated with an answer that
    /// never reached the disk.
    private var excused: Set<Int> = []
    private var held: [(gate: Gate, did: String, until: Int)] = []
    private var waiting = 0

    private var network: Network { house.network }

    init(seed: UInt64, path: String) throws {
        random = SplitMix(state: seed)
        self.path = path
        let first = try BrokerHouse(limits: Self.limits, path: path)
        process = NetworkProcess(first.network)
        // The first house makes the network; the second one goes through the process.
        try first.database.close()
        house = try BrokerHouse(limits: Self.limits, path: path, after: first, observer: trap, process: process)
    }

    private static var limits: BrokerLimits {
        var limits = BrokerLimits()
        limits.sessionBurst = 1_000_000
        return limits
    }

    private func count(_ what: Count) {
        counts[what, default: 0] += 1
    }

    private func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    // MARK: - Steps

    func step() async throws {
        stepNumber += 1
        for entry in held where entry.until <= stepNumber { release(entry.did) }
        if changesUntil <= stepNumber { network.faults.tokenChanges = [:] }
        if trap.isSprung { try await kill() }
        if logins.count < Self.logins { try await logIn() }
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<650: call()
        case 650..<750: addFault()
        case 750..<930: house.clock.advance(by: .milliseconds(Int.random(in: 1...900_000, using: &random)))
        case 930..<940: house.clock.jump(by: .seconds(Int.random(in: -5000...5000, using: &random)))
        case 940..<955:
            try await house.refuseUpdates(of: ["generation", "refresh_started_at", "state", "retry_at"].randomElement(using: &random)!)
        case 955..<980: try await house.allowUpdates()
        case 980..<985: revoke()
        case 985..<992: try await kill()
        default: trap.step = RefreshStep.allCases.randomElement(using: &random)
        }
        for _ in 0..<Int.random(in: 0...20, using: &random) { await Task.yield() }
        // The database has threads of its own, which get their turn too; mostly until there is little left to do.
        for _ in 0..<Int.random(in: 0...24, using: &random) where waiting > 4 { _ = try await house.store.unansweredRefreshes() }
        if process.mostInFlight > 1 { problems.append("step \(stepNumber): two refreshes of one session in flight") }
    }

    /// Some callers at once with the token of one session.
    private func call() {
        guard let login = logins.randomElement(using: &random) else { return }
        let (house, process) = (house, process)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            count(.called)
            waiting += 1
            Task {
                let status = await house.status(login.token)
                waiting -= 1
                if !process.isKilled { note(status, login) }
            }
        }
    }

    private func note(_ status: Int, _ login: Login) {
        excused.formUnion(process.lostAnswers)
        switch status {
        case 200: count(.ok)
        case 503: count(.unavailable)
        case 401:
            count(.dead)
            logins.removeAll { $0.token == login.token }
            if network.sessions[login.session] != nil {
                problems.append("step \(stepNumber): session \(login.session) is dead here and alive at its server")
            } else if !excused.contains(login.session) {
                problems.append("step \(stepNumber): session \(login.session) was lost without an excuse")
            }
        default: problems.append("step \(stepNumber): status \(status)")
        }
    }

    /// A person who was not here before signs in, undisturbed; later, where a server has just asked to be left alone for a while.
    private func logIn() async throws {
        people += 1
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        let digits = (0..<5).map { letters[people >> (5 * $0) & 31] }
        let did = "did:plc:" + String(repeating: "b", count: 19) + String(digits)
        house.directory.add(did, handle: "user\(people).example.net")
        let (faults, failures) = (network.faults, house.directory.nextFailures)
        network.faults = NetworkFaults()
        house.directory.nextFailures = []
        try await house.allowUpdates()
        defer {
            network.faults = faults
            house.directory.nextFailures = failures
        }
        let token: String
        do {
            token = try await house.login(handle: "user\(people).example.net", as: did)
        } catch let error as BrokerError where error.retryAfter != nil {
            return
        }
        guard let id = try await house.session(token)?.id, let secrets = try await house.store.secrets(id: id),
            let session = network.session(of: secrets.refreshToken)
        else { return problems.append("step \(stepNumber): a login without a session") }
        logins.append(Login(token: token, session: session))
    }

    /// The owner ends a session at the server.
    private func revoke() {
        guard let login = logins.randomElement(using: &random) else { return }
        count(.revoked)
        excused.insert(login.session)
        network.end(login.session)
    }

    // MARK: - Faults

    private func addFault() {
        let broken: [Result<FetchResponse, FetchError>] = [
            .failure(.timeout), .failure(.broken(reason: "reset")), .failure(.unreachable(reason: "down")), .failure(.busy),
            .failure(.tooLarge), .success(.status(500)), .success(.status(502, "<html>")), .success(.status(404)),
            .success(.status(503, "", headers: [("Retry-After", "30")])), .success(.status(429, "", headers: [("Retry-After", "7")])),
            .success(.status(200, "<html>")), .success(.status(200, "{}")), .success(.status(400, "{\"error\":\"invalid_client\"}")),
            .success(.status(401, "{\"error\":\"invalid_dpop_proof\"}")), .success(.status(400, "{\"error\":\"use_dpop_nonce\"}")),
            .success(.status(302, "", headers: [("Location", "https://elsewhere.example")])),
        ]
        guard let answer = broken.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<12, using: &random) {
        case 0...1: add(answer, at: .resourceMetadata)
        case 2...3: add(answer, at: .serverMetadata)
        case 4: add(answer, at: .revoke)
        case 5...6: house.directory.nextFailures = [.temporary(reason: "the directory is down")]
        case 7...8: network.faults.beforeRotation = [answer]
        case 9: loseAnswer(answer)
        case 10:
            network.rotateNonce()
            changesUntil = stepNumber + 20
            network.faults.tokenChanges = chance(60) ? [["scope", "token_type", "access_token"].randomElement(using: &random)!: nil] : [:]
        default: hold()
        }
    }

    /// Two at most wait at an endpoint: a world where nothing works proves nothing.
    private func add(_ answer: Result<FetchResponse, FetchError>, at endpoint: NetworkEndpoint) {
        if network.faults.answers[endpoint, default: []].count < 2 { network.faults.answers[endpoint, default: []].append(answer) }
    }

    /// Rarely, or nobody would ever be logged in.
    private func loseAnswer(_ answer: Result<FetchResponse, FetchError>) {
        guard chance(15) else { return }
        count(.lostAnswer)
        network.faults.afterRotation.append(answer)
    }

    /// A server that takes its time with one account.
    private func hold() {
        guard let login = logins.randomElement(using: &random), let did = network.sessions[login.session]?.did,
            network.faults.gates[did] == nil
        else { return }
        let gate = Gate()
        network.faults.gates[did] = gate
        held.append((gate, did, stepNumber + Int.random(in: 1...30, using: &random)))
    }

    private func release(_ did: String) {
        network.faults.gates[did] = nil
        for entry in held where entry.did == did { entry.gate.open() }
        held.removeAll { $0.did == did }
    }

    /// The process dies wherever it stands, and another one opens the database.
    private func kill() async throws {
        count(.killed)
        process.isKilled = true
        excused.formUnion(process.lostAnswers)
        excused.formUnion(process.inFlight.filter { $0.value > 0 }.keys)
        try house.database.close()
        let sprung = trap
        (process, trap) = (NetworkProcess(network), RefreshTrap())
        house = try BrokerHouse(limits: Self.limits, path: path, after: house, observer: trap, process: process)
        for login in logins {
            guard let id = try await house.session(login.token)?.id, let stored = try await house.store.secrets(id: id)?.refreshToken,
                let current = network.sessions[login.session]?.refreshToken, stored != current
            else { continue }
            count(.lostInMemory)
            excused.insert(login.session)
        }
        try await house.broker.start()
        sprung.letGo()
    }

    // MARK: - The end

    /// All faults end and time passes: whoever has a live grant must be served, whoever has none must be told.
    func settle() async throws {
        network.faults = NetworkFaults()
        house.directory.nextFailures = []
        for did in held.map(\.did) { release(did) }
        trap.letGo()
        try await house.allowUpdates()
        await drain()
        for _ in 0..<3 {
            house.clock.advance(by: .seconds(7201))
            for login in logins {
                let status = await house.status(login.token)
                note(status, login)
                let isAlive = network.sessions[login.session] != nil
                if status != (isAlive ? 200 : 401) { problems.append("session \(login.session): \(status), alive: \(isAlive)") }
            }
        }
        await house.broker.shutdown()
        try house.database.close()
    }

    /// Waits for all callers, moving time for those who wait for it.
    private func drain() async {
        for _ in 0..<1_000_000 where waiting > 0 {
            if house.clock.sleeperCount > 0 { house.clock.advance(by: .seconds(1)) }
            await Task.yield()
        }
        if waiting > 0 { problems.append("\(waiting) callers were never answered") }
    }
}

/// Holds the next refresh that comes to a step, so that a kill meets it there.
@LoopActor
private final class RefreshTrap: RefreshObserver {
    var step: RefreshStep?
    private(set) var isSprung = false
    private let gate = Gate()

    nonisolated init() {}

    func refresh(of did: DID, reached step: RefreshStep) async {
        guard step == self.step else { return }
        isSprung = true
        await gate.pass()
    }

    /// What is held goes on, and nothing is held any more.
    func letGo() {
        step = nil
        gate.open()
    }
}

/// A small generator whose numbers follow from its seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
