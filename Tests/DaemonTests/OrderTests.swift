import ATProto
import Admin
import Foundation
import Logging
import MainLoop
import RoostTesting
import Settings
import Testing
import Transport

@testable import ACME
@testable import Daemon

/// A server that gets its certificate from an authority which really connects to it.
@Suite struct OrderTests {
    private let day = Duration.seconds(86_400)

    private func isDone(_ daemon: Daemon, _ certificates: Int = 1) -> (ACMERecords) async -> Bool {
        { records in
            guard records.certificates >= certificates, let machine = await daemon.orders.machine else { return false }
            return machine.record.order == nil && machine.certificate != nil
        }
    }

    private func rights(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func aDomainIsEnough() async throws {
        try await withOrders { orders in
            var issued = ""
            try await orders.withDaemon { daemon in
                let own = try await orders.fingerprint(daemon)
                await orders.advance(daemon, until: isDone(daemon))
                issued = try await orders.fingerprint(daemon)
                #expect(issued != own, "new connections get the new one")
                #expect(await daemon.certificates?.certificates.first.names == ["irc.example.com"])
                let data = await daemon.ground.data
                #expect(try rights(data.orderedCertificate) == 0o600)
                #expect(try rights(data.orderRecord) == 0o600)
                #expect(orders.log.count("acme.order.begun") == 1 && orders.log.count("acme.certificate.obtained") == 1)
                let answer = await daemon.administer(AdminRequest(service: "certificates", command: "HELP"), by: 0)
                #expect(answer.lines?.first?.hasPrefix("irc.example.com: until 2026-04-01T00:") == true, "\(answer)")
                #expect(answer.lines?.first?.hasSuffix(", from \(data.orderedCertificate)") == true, "\(answer)")
                #expect(answer.lines?.contains { $0.hasPrefix("Next renewal: 2026-0") } == true, "\(answer)")
                #expect(await daemon.metrics().contains(#"roost_tls_certificate_expiry_timestamp_seconds{certificate="irc.example.com"}"#))
            }
            #expect(orders.authority.records.violations == [])
            // The same one after a restart, without asking for another.
            try await orders.withDaemon { daemon in
                let shown = try await orders.fingerprint(daemon)
                #expect(shown == issued)
                await daemon.orders.resting()
            }
            #expect(orders.authority.records.orders == 1 && orders.authority.records.accounts == 1)
        }
    }

    @Test func overTLS() async throws {
        try await withOrders { orders in
            try orders.fixture.configure(orders.sections(["irc.example.com", "chat.example.com"], #"challenge = "tls-alpn-01""#))
            try await orders.withDaemon { daemon in
                #expect(await daemon.orders.addresses.isEmpty, "no port for HTTP is needed")
                await orders.advance(daemon, until: isDone(daemon))
                #expect(await daemon.certificates?.certificates.first.names == ["irc.example.com", "chat.example.com"])
                #expect(await daemon.certificates?.current.challenges.isEmpty == true, "shown only while an order is under way")
            }
            #expect(orders.authority.records.goodLooks == 2 && orders.authority.records.violations == [])
        }
    }

    /// Behind a web server: what it passes on is answered by `listen.http`; a port for challenges that cannot be had is only told.
    @Test func behindAProxy() async throws {
        try await withOrders { orders in
            let busy = try await ACMEAuthority.start()
            let port = busy.origin.split(separator: ":").last ?? ""
            try orders.fixture.configure(
                orders.sections().replacing(#"listen = ["127.0.0.1:0"]"#, with: #"listen = ["127.0.0.1:\#(port)"]"#)
            )
            try await orders.withDaemon { daemon in
                #expect(orders.log.count("acme.port.unavailable") == 1)
                let http = await daemon.addresses.http[0].port
                orders.authority.change { $0.httpPort = http }
                await orders.advance(daemon, until: isDone(daemon))
            }
            await busy.stop()
        }
    }

    @Test func renewal() async throws {
        try await withOrders { orders in
            try await orders.withDaemon { daemon in
                await orders.advance(daemon, until: isDone(daemon))
                let first = try await orders.fingerprint(daemon)
                let machine = await daemon.orders.machine
                let renewal = try #require(machine?.renewalTime)
                let rest = Duration.milliseconds(renewal - orders.clock.wallMilliseconds)
                await daemon.orders.resting()
                // The wall clock alone: every timer of two months would take its time.
                orders.clock.jump(by: rest - .seconds(7200))
                await orders.clock.advance(by: .seconds(3600))
                await daemon.orders.resting()
                #expect(orders.authority.records.orders == 1, "not before its time")
                await orders.clock.advance(by: .seconds(3600))
                await orders.advance(daemon, until: isDone(daemon, 2))
                #expect(try await orders.fingerprint(daemon) != first)
                #expect(orders.log.count("tls.certificate.expires") == 0, "renewed before anybody had to be warned")
            }
            #expect(orders.authority.records.accounts == 1 && orders.authority.records.violations == [])
        }
    }

    /// The process ends while the authority is busy with the order; the next one goes on with the same order.
    @Test func aRestartInTheMiddle() async throws {
        var options = ACMEAuthorityOptions()
        options.processingLooks = 5
        try await withOrders(options) { orders in
            try await orders.withDaemon { daemon in
                await orders.advance(daemon) { $0.certificates == 1 }
                #expect(await daemon.orders.machine?.record.order?.url != nil)
                #expect(await daemon.certificates?.isOwn == true)
            }
            try await orders.withDaemon { daemon in await orders.advance(daemon, until: isDone(daemon)) }
            let records = orders.authority.records
            #expect((records.orders, records.certificates, records.accounts) == (1, 1, 1))
            #expect(records.violations == [])
        }
    }

    /// Nobody waits for an authority that is not there, and nothing is lost when it is.
    @Test func anAuthorityThatIsAway() async throws {
        try await withOrders { orders in
            try await orders.withDaemon(opens: false) { daemon in
                await daemon.orders.resting()
                _ = try await orders.fingerprint(daemon)
                #expect(orders.log.count("acme.order.delayed") >= 1)
                let lines = await daemon.administer(AdminRequest(service: "certificates", command: "HELP"), by: 0).lines ?? []
                #expect(lines.contains { $0.hasPrefix("Last error: status 503") } && lines.contains { $0.hasPrefix("Next attempt: ") })
                orders.authority.change { $0.isClosed = false }
                let answer = await daemon.administer(AdminRequest(service: "certificates", command: "retry"), by: 0)
                #expect(answer.error == nil)
                await orders.authority.wait { $0.orders == 1 }
                await orders.advance(daemon, until: isDone(daemon))
            }
        }
    }

    @Test func aReloadOrdersAtOnceAndEnds() async throws {
        try await withOrders { orders in
            try orders.fixture.configure()
            try await orders.withDaemon { daemon in
                let own = try await orders.fingerprint(daemon)
                let (machine, ports) = await (daemon.orders.machine, daemon.orders.addresses)
                #expect(machine == nil && ports.isEmpty)
                let refused = await daemon.administer(AdminRequest(service: "certificates", command: "retry"), by: 0)
                #expect(refused.error != nil)
                try orders.fixture.configure(orders.sections().replacing("agree_to_terms = true", with: "agree_to_terms = false"))
                guard case .refused(let problems) = await daemon.reload() else {
                    Issue.record("ordered without an agreement")
                    return
                }
                #expect(problems.count == 1 && problems[0].contains("acme.domains") && problems[0].contains("terms"), "\(problems)")
                orders.authority.change { $0.isClosed = true }
                try orders.fixture.configure(orders.sections())
                guard case .done(let changed, [], certificate: false) = await daemon.reload() else {
                    Issue.record("not taken")
                    return
                }
                #expect(changed.contains("acme.domains"))
                await orders.authority.wait { $0.requests[.directory] == 1 }
                let port = await daemon.orders.addresses[0].port
                orders.authority.change { ($0.httpPort, $0.isClosed) = (port, false) }
                await orders.advance(daemon, until: isDone(daemon))
                #expect(try await orders.fingerprint(daemon) != own)
                try orders.fixture.configure()
                #expect(await daemon.reload() == .done(changed: changed, waiting: [], certificate: true))
                #expect(try await orders.fingerprint(daemon) == own)
            }
        }
    }

    /// Beside certificates of the operator's own, it counts for its names.
    @Test func besideOthers() async throws {
        try await withOrders { orders in
            let named = try TestIRCClientCertificate(name: "irc.other.example")
            try Data(named.certificateBytes).write(to: orders.fixture.folder.appendingPathComponent("c.pem"))
            try Data(named.keyBytes).write(to: orders.fixture.folder.appendingPathComponent("k.pem"))
            try orders.fixture.configure(orders.sections() + "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n")
            try await orders.withDaemon { daemon in
                await orders.advance(daemon, until: isDone(daemon))
                let shown = (try await orders.fingerprint(daemon, name: "irc.other.example"), try await orders.fingerprint(daemon))
                #expect(shown.0 == named.fingerprint && shown.1 != named.fingerprint)
            }
        }
    }

    /// A file that somebody spoiled keeps nothing from starting; another certificate is ordered.
    @Test func spoiledFiles() async throws {
        try await withOrders { orders in
            try await orders.withDaemon { daemon in await orders.advance(daemon, until: isDone(daemon)) }
            for name in ["acme-certificate.pem", "acme-state.json"] {
                try Data("x".utf8).write(to: URL(fileURLWithPath: orders.fixture.data + "/" + name))
            }
            try await orders.withDaemon { daemon in
                #expect(await daemon.certificates?.isOwn == true)
                #expect(orders.log.count("acme.state.unreadable") == 1)
                await orders.advance(daemon, until: isDone(daemon, 2))
                #expect(await daemon.certificates?.isOwn == false)
            }
        }
    }

    /// The authority may be on this machine because the operator says so; what it refers to may not.
    @Test func onlyTheAuthorityMayBePrivate() async throws {
        var settings = Settings()
        settings.acme.directory = "http://127.0.0.1:1/directory"
        let policy = try #require(NetworkPolicy(authorityOf: settings))
        let fetcher = HardenedFetcher(policy: policy, dns: DNSClient(policy: policy), logger: Logger(label: "test"))
        func failure(_ url: String) async -> FetchError? {
            do throws(FetchError) {
                _ = try await fetcher.fetch(FetchRequest(method: "GET", url: url, limits: .authority))
                return nil
            } catch {
                return error
            }
        }
        guard case .unreachable? = await failure("http://127.0.0.1:1/new-order") else {
            Issue.record("the authority is refused")
            return
        }
        for other in ["http://127.0.0.1:2/", "https://127.0.0.1:1/", "https://10.0.0.1/", "https://localhost/", "http://example.com/"] {
            guard case .refused? = await failure(other) else {
                Issue.record("\(other) is asked")
                return
            }
        }
        await fetcher.shutdown()
    }
}
