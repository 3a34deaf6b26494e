import Foundation
import GRDB
import MainLoop
import RoostTesting

@testable import Broker
@testable import Store

/// A peer that can be made to fail.
protocol FaultyPeer: Sendable {
    /// Makes it happen, once.
    func cause(_ fault: FaultCase) async throws
    /// Nothing goes wrong any more.
    func calm() async throws
    func forgetRequests() async throws
    /// Sessions that live on at the authorization server.
    func sessions() async throws -> Int
    /// Requests since they were forgotten.
    func requests(to endpoints: [PeerEndpoint]) async throws -> Int
}

/// What one row of the table in docs/broker.md says, found by making it happen.
@LoopActor
struct FaultOutcome {
    var status = 0
    /// What the database says of the session.
    var here = ""
    /// Sessions that live on at the authorization server.
    var there = 0
    /// The status of the next try, without the fault.
    var next = 0
    /// Requests to directory, PDS and authorization server until the caller was answered.
    var requests = 0

    static let publicURL = "https://irc.example.org"

    static let limits: BrokerLimits = {
        var limits = BrokerLimits()
        limits.firstRetry = .zero
        limits.sessionsPerAccount = 1
        return limits
    }()

    nonisolated static let table: Set<String> = {
        let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/broker.md").standardizedFileURL
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
        let kinds = ["login", "session", "revocation"]
        return Set(lines.filter { line in kinds.contains { line.hasPrefix("| \($0) |") } })
    }()

    private static let counted: [PeerEndpoint] = [.plc, .resourceMetadata, .serverMetadata, .par, .codeGrant, .refreshGrant]

    /// Makes it happen to alice.test, who has no session yet.
    init(of fault: FaultCase, _ house: PeerHouse, _ peer: some FaultyPeer) async throws {
        switch fault.situation {
        case .login:
            try await peer.cause(fault)
            status = try await house.statusOfLogin()
        case .session:
            let token = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            try await peer.forgetRequests()
            try await peer.cause(fault)
            status = await house.status(token)
            try await note(house, peer, Self.counted)
            next = await house.status(token)
            return
        case .revocation:
            _ = try await house.login("alice.test")
            try await peer.forgetRequests()
            try await peer.cause(fault)
            let login = house.statusAndToken(try await house.login("alice.test"))
            status = login.status
            try await note(house, peer, [.revoke])
            next = await house.status(login.token)
            return
        }
        try await note(house, peer, Self.counted)
        next = try await house.statusOfLogin()
    }

    private mutating func note(_ house: PeerHouse, _ peer: some FaultyPeer, _ endpoints: [PeerEndpoint]) async throws {
        await house.broker.logins.revocations.drain()
        (here, there) = (try await house.stored(), try await peer.sessions())
        requests = try await peer.requests(to: endpoints)
        try await peer.calm()
    }

    func row(of fault: FaultCase) -> String {
        "| \(fault.situation.rawValue) | \(fault.endpointName) | \(fault.fault) | \(status) | \(here) | \(there) | \(next) | \(requests) |"
    }
}

extension PeerHouse {
    fileprivate func statusOfLogin() async throws -> Int {
        do {
            return statusAndToken(try await login("alice.test")).status
        } catch let error as BrokerError {
            return error.status
        }
    }

    fileprivate func statusAndToken(_ outcome: LoginOutcome) -> (status: Int, token: String) {
        switch outcome {
        case .redirect(let status, _): (status, (try? BrokerHouse.result(of: outcome).broker_token) ?? "")
        case .ownPage(let token, _): (303, token)
        case .page(let status, _, _): (status, "")
        }
    }

    /// What the database says of the newest session.
    fileprivate func stored() async throws -> String {
        let id = try await store.database.writer.read { try String.fetchOne($0, sql: "SELECT id FROM pds_session ORDER BY rowid DESC") }
        guard let id, let session = try await store.session(id: id) else { return "none" }
        if case .dead = session.state { return "dead" }
        return session.intent == nil ? "live" : "live, outcome open"
    }
}
