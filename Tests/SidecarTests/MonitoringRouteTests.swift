import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Server
import Store
import Testing

@testable import Sidecar

@LoopActor
@Suite struct MonitoringRouteTests {
    private let test = TestSidecar { $0.metricsFrom = ["192.0.2.0/24", "::1"].compactMap { AddressRange($0) } }
    private let daemon = FakeDaemon()

    private func ask(_ target: String, _ headers: HTTPHeaders = [:], from address: String = "192.0.2.1") async throws -> HTTPResponse {
        let target = try #require(RequestTarget(target))
        return await test.sidecar.router.respond(
            to: HTTPRequest(method: .GET, target: target, headers: headers, body: ByteBuffer(), address: address))
    }

    @Test func livenessIsAnAnswer() async throws {
        let response = try await ask("/livez")
        #expect(response.status == .ok && String(buffer: response.body) == #"{"status":"ok"}"#)
    }

    @Test func readinessTellsWhatStandsInTheWay() async throws {
        #expect(try await ask("/readyz").status == .serviceUnavailable)
        test.sidecar.monitored = daemon
        let ready = try await ask("/readyz")
        #expect(ready.status == .ok && String(buffer: ready.body) == #"{"checks":{"database":"ok"},"status":"ready"}"#)
        daemon.checks["database"] = "cannot be written"
        let other = try await ask("/readyz")
        #expect(other.status == .serviceUnavailable)
        #expect(String(buffer: other.body) == #"{"checks":{"database":"cannot be written"},"status":"not ready"}"#)
        #expect(other.headers["Content-Type"] == ["application/json"])
    }

    @Test(arguments: ["192.0.2.77", "::1"])
    func namedAddressesReadTheMetrics(_ address: String) async throws {
        #expect(try await ask("/metrics", from: address).status == .serviceUnavailable)
        test.sidecar.monitored = daemon
        let response = try await ask("/metrics", from: address)
        #expect(response.status == .ok && String(buffer: response.body) == "a 1\n")
        #expect(response.headers["Content-Type"] == ["text/plain; version=0.0.4; charset=utf-8"])
    }

    @Test(arguments: ["127.0.0.1", "198.51.100.1"])
    func othersNeedAToken(_ address: String) async throws {
        test.sidecar.monitored = daemon
        let response = try await ask("/metrics", from: address)
        #expect(response.status == .unauthorized && response.headers["WWW-Authenticate"] == ["Bearer"])
        #expect(try await ask("/metrics", ["Authorization": "Bearer nonsense"], from: address).status == .unauthorized)
        let token = try #require(try await test.tokens.create(APIToken(name: "prometheus", scopes: [.metrics], createdAt: 0)))
        #expect(try await ask("/metrics", ["Authorization": "Bearer \(token)"], from: address).status == .ok)
    }

    @Test func theTokenOfAConnectionIsNotEnough() async throws {
        test.sidecar.monitored = daemon
        let response = try await ask("/metrics", ["Authorization": "Bearer live"], from: "198.51.100.1")
        #expect(response.status == .forbidden)
        #expect(!String(buffer: response.body).contains("a 1"))
    }

    /// A reload makes another router: that knows the daemon too.
    @Test func aReloadChangesWhoMayRead() async throws {
        test.sidecar.monitored = daemon
        var configuration = test.sidecar.configuration
        configuration.metricsFrom = []
        test.sidecar.reconfigure(configuration)
        #expect(try await ask("/metrics").status == .unauthorized)
        #expect(try await ask("/readyz").status == .ok)
    }
}

@LoopActor
private final class FakeDaemon: Monitored {
    var checks = ["database": "ok"]

    func metrics() async -> String { "a 1\n" }

    func readiness() async -> Readiness { Readiness(checks) }
}
