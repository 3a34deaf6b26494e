import Foundation
import Logging
import MainLoop
import RoostTesting
import Testing
import Transport

@testable import ACME
@testable import Daemon

/// Pebble, the test authority of Let's Encrypt, with its name server that sends every name to this machine.
struct Pebble {
    private static let program = URL(fileURLWithPath: "/usr/bin/pebble")
    private static let nameServer = URL(fileURLWithPath: "/usr/bin/pebble-challtestsrv")

    static var isInstalled: Bool {
        [program, nameServer].allSatisfy { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    let directory: String
    /// Path of what to trust.
    let authority: String
    /// Where it looks for HTTP and for TLS.
    let ports: (http: Int, tls: Int)

    /// Starts it in `folder`; it refuses three of ten nonces.
    static func run(in folder: URL, _ body: (Pebble) async throws -> Void) async throws {
        var ports: [Int] = []
        for _ in 0..<6 { ports.append(try await TestPorts.free()) }
        let certificate = try TestIRCClientCertificate(name: "localhost")
        try Data(certificate.certificateBytes).write(to: folder.appendingPathComponent("ca.pem"))
        try Data(certificate.keyBytes).write(to: folder.appendingPathComponent("ca-key.pem"))
        let configuration: [String: Any] = [
            "listenAddress": "127.0.0.1:\(ports[0])", "managementListenAddress": "127.0.0.1:\(ports[1])", "certificate": "ca.pem",
            "privateKey": "ca-key.pem", "httpPort": ports[2], "tlsPort": ports[3], "ocspResponderURL": "",
        ]
        let file = folder.appendingPathComponent("pebble.json")
        try JSONSerialization.data(withJSONObject: ["pebble": configuration]).write(to: file)
        let names = try await TestProcess.start(
            nameServer,
            [
                "-dns01", "127.0.0.1:\(ports[4])", "-management", "127.0.0.1:\(ports[5])", "-http01", "", "-https01", "", "-tlsalpn01", "",
                "-defaultIPv6", "",
            ], directory: folder)
        _ = try await names.line(containing: "Starting management server")
        let pebble = try await TestProcess.start(
            program, ["-config", file.path, "-dnsserver", "127.0.0.1:\(ports[4])"],
            environment: ["PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "30"], directory: folder)
        _ = try await pebble.line(containing: "ACME directory available at")
        do {
            try await body(
                Pebble(
                    directory: "https://localhost:\(ports[0])/dir", authority: folder.path + "/ca.pem", ports: (ports[2], ports[3])))
        } catch {
            await pebble.kill()
            await names.kill()
            throw error
        }
        await pebble.kill()
        await names.kill()
    }
}

@Suite struct PebbleTests {
    @Test(.enabled(if: Pebble.isInstalled), arguments: ChallengeType.allCases)
    func givesACertificate(_ challenge: ChallengeType) async throws {
        try await withFixture { fixture in
            try await Pebble.run(in: fixture.folder) { pebble in
                try fixture.configure(
                    """
                    [listen]
                    plain = []
                    http = []
                    tls = ["127.0.0.1:\(pebble.ports.tls)"]
                    [acme]
                    domains = ["irc.example.com", "chat.example.com"]
                    email = "op@example.com"
                    agree_to_terms = true
                    directory = "\(pebble.directory)"
                    authority_ca = "\(pebble.authority)"
                    challenge = "\(challenge.rawValue)"
                    listen = ["127.0.0.1:\(pebble.ports.http)"]

                    """)
                let clock = VirtualClock(wallMilliseconds: SystemClock().wallMilliseconds)
                try await fixture.withDaemon(clock: clock) { daemon in
                    for _ in 0..<300 {
                        await daemon.orders.resting()
                        if await daemon.orders.machine?.certificate != nil { break }
                        await clock.advance(by: .seconds(3))
                    }
                    let record = await daemon.orders.machine?.record
                    #expect(record?.lastError == nil && record?.failures == 0, "\(record?.lastError ?? "")")
                    #expect(await daemon.certificates?.certificates.first.names.sorted() == ["chat.example.com", "irc.example.com"])
                    let shown = try await TestIRCClient.connect(port: pebble.ports.tls, .tls(name: "irc.example.com"))
                    #expect(await shown.serverFingerprint == daemon.certificates?.certificates.first.fingerprint)
                    await shown.close()
                }
            }
        }
    }
}
