import Foundation
import GRDB
import MainLoop
import RoostTesting
import Testing

@testable import Broker
@testable import Store

/// The table of faults in docs/broker.md: each row is made to happen, over sockets, and must come out as it is written.
@LoopActor
@Suite(.serialized) struct FaultTableTests {
    private struct Outcome {
        var status: Int
        /// What the database says of the session.
        var here: String
        /// Sessions that live on at the authorization server.
        var there: Int
        /// The status of the next try, without the fault.
        var next: Int
        /// Requests to directory, PDS and authorization server until the caller was answered.
        var requests: Int

        func row(of fault: FaultCase) -> String {
            "| \(fault.situation.rawValue) | \(fault.endpointName) | \(fault.fault) | \(status) | \(here) | \(there) | \(next) | \(requests) |"
        }
    }

    private static let table: Set<String> = {
        let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/broker.md").standardizedFileURL
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
        let kinds = ["login", "session", "revocation"]
        return Set(lines.filter { line in kinds.contains { line.hasPrefix("| \($0) |") } })
    }()

    @Test func theTableHasARowForEachFaultAndNoOther() {
        #expect(Self.table.count == FaultCase.all.count)
    }

    @Test(arguments: FaultCase.all)
    func aRowIsTrue(_ fault: FaultCase) async throws {
        var options = ATProtoPeerOptions()
        options.accessTokenLifetime = .seconds(0)
        var limits = BrokerLimits()
        limits.firstRetry = .zero
        limits.sessionsPerAccount = 1
        let address = "https://irc.example.org"
        try await withPeerHouse(options, limits: limits, at: address, patience: fault.isTooSlow ? .seconds(2) : nil) { house, peer in
            peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let outcome =
                switch fault.situation {
                case .login: try await login(fault, house, peer)
                case .session: try await session(fault, house, peer)
                case .revocation: try await revocation(fault, house, peer)
                }
            let row = outcome.row(of: fault)
            #expect(Self.table.contains(row), "docs/broker.md should say: \(row)")
        }
    }

    private func login(_ fault: FaultCase, _ house: PeerHouse, _ peer: ATProtoPeer) async throws -> Outcome {
        peer.add(PeerFault(fault.action, at: fault.endpoint, skip: fault.skip))
        let status = try await house.statusOfLogin(peer)
        await house.revocationsEnd()
        var outcome = Outcome(
            status: status, here: try await house.stored(), there: peer.liveSessions(), next: 0, requests: peer.counters.counted)
        peer.removeFaults()
        outcome.next = try await house.statusOfLogin(peer)
        return outcome
    }

    private func session(_ fault: FaultCase, _ house: PeerHouse, _ peer: ATProtoPeer) async throws -> Outcome {
        let token = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
        peer.resetCounters()
        peer.add(PeerFault(fault.action, at: fault.endpoint))
        let status = await house.status(token)
        await house.revocationsEnd()
        var outcome = Outcome(
            status: status, here: try await house.stored(), there: peer.liveSessions(), next: 0, requests: peer.counters.counted)
        peer.removeFaults()
        outcome.next = await house.status(token)
        return outcome
    }

    private func revocation(_ fault: FaultCase, _ house: PeerHouse, _ peer: ATProtoPeer) async throws -> Outcome {
        _ = try await house.login("alice.test", peer)
        peer.resetCounters()
        peer.add(PeerFault(fault.action, at: fault.endpoint))
        let login = house.statusAndToken(try await house.login("alice.test", peer))
        await house.revocationsEnd()
        let requests = peer.counters.requests[.revoke] ?? 0
        return Outcome(
            status: login.status, here: try await house.stored(), there: peer.liveSessions(), next: await house.status(login.token),
            requests: requests)
    }
}

extension PeerHouse {
    fileprivate func statusOfLogin(_ peer: ATProtoPeer) async throws -> Int {
        do {
            return statusAndToken(try await login("alice.test", peer)).status
        } catch let error as BrokerError {
            return error.status
        }
    }

    fileprivate func statusAndToken(_ outcome: LoginOutcome) -> (status: Int, token: String) {
        switch outcome {
        case .redirect(let status, _): (status, (try? BrokerHouse.result(of: outcome).broker_token) ?? "")
        case .accountPage(let token): (303, token)
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

    fileprivate func revocationsEnd() async { await broker.logins.revocations.drain() }
}

extension PeerCounters {
    /// The requests that the table counts.
    fileprivate var counted: Int {
        let endpoints: [PeerEndpoint] = [.plc, .resourceMetadata, .serverMetadata, .par, .codeGrant, .refreshGrant]
        return endpoints.reduce(0) { $0 + (requests[$1] ?? 0) }
    }
}
