import MainLoop
import NIOCore
import RoostTesting
import Server
import Testing

@testable import Transport

/// Several certificates on one port.
@LoopActor @Suite struct ServerNameTests {
    private let server = EchoServer()
    private let first: TestIRCClientCertificate
    private let second: TestIRCClientCertificate
    private let wild: TestIRCClientCertificate

    init() throws {
        first = try TestIRCClientCertificate(name: "irc.example.com")
        second = try TestIRCClientCertificate(name: "Chat.example.org", others: ["a.wild.example"])
        wild = try TestIRCClientCertificate(name: "*.wild.example")
    }

    private func certificates() throws -> ServerCertificates {
        ServerCertificates([try first.loaded(), try wild.loaded(), try second.loaded()])
    }

    private func withListener(_ current: CurrentCertificates, _ body: @LoopActor (Int) async throws -> Void) async throws {
        let listener = try await Listener.tls(ListenAddress(host: "127.0.0.1", port: 0), certificates: current, edge: server.edge())
        await listener.start()
        try await body(listener.address.port)
        await listener.stop()
    }

    @Test func theNameChooses() throws {
        let certificates = try certificates()
        #expect(certificates.all.map(\.names) == [["irc.example.com"], ["*.wild.example"], ["chat.example.org", "a.wild.example"]])
        for (name, chosen) in [
            (nil, first), ("", first), ("other.example", first), ("irc.example.com", first), ("chat.EXAMPLE.org", second),
            ("chat.example.org.", second), ("b.wild.example", wild), ("a.wild.example", second), ("wild.example", first),
            ("c.b.wild.example", first), (".wild.example", first), ("*.wild.example", wild),
        ] as [(String?, TestIRCClientCertificate)] {
            #expect(certificates.choose(for: name).fingerprint == chosen.fingerprint, "\(name ?? "none")")
        }
    }

    @Test func eachClientIsShownTheOneForItsName() async throws {
        let current = CurrentCertificates(try certificates())
        try await withListener(current) { port in
            for (name, shown) in [(nil, first), ("chat.example.org", second), ("x.wild.example", wild), ("unknown.example", first)] {
                let mine = try TestIRCClientCertificate(name: "a person")
                let client = try await TestIRCClient.connect(port: port, .tls(certificate: mine, name: name))
                try await client.send("hello")
                try await client.next(containing: "got hello")
                #expect(client.serverFingerprint == shown.fingerprint, "\(name ?? "none")")
                #expect(server.peers.last?.certificateFingerprint == mine.fingerprint)
                await client.close()
            }
        }
    }

    @Test func whoSpeaksNoTLSIsTurnedAwayAsBefore() async throws {
        try await withListener(CurrentCertificates(try certificates())) { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("NICK me")
            _ = try await client.end()
            #expect(server.peers.isEmpty)
        }
    }

    /// RFC 8737: an authority asks for a name and for this protocol only; everybody else sees the usual certificate.
    @Test func challengesAreShownToAuthoritiesOnly() async throws {
        let current = CurrentCertificates(ServerCertificates([try first.loaded()]))
        let challenge = try TestIRCClientCertificate(name: "irc.example.com")
        current.challenges["irc.example.com"] = try ServerCertificate(
            certificate: challenge.certificateBytes, key: challenge.keyBytes, protocols: [CurrentCertificates.challengeProtocol],
            certificateName: "challenge", keyName: "challenge")
        try await withListener(current) { port in
            let authority = try await TestIRCClient.connect(
                port: port, .tls(name: "irc.example.com", protocols: [CurrentCertificates.challengeProtocol]))
            #expect(authority.serverFingerprint == challenge.fingerprint)
            _ = try await authority.end()
            #expect(server.peers.isEmpty)
            for (name, protocols) in [
                ("irc.example.com", []), ("other.example", [CurrentCertificates.challengeProtocol]),
                ("irc.example.com", ["irc", CurrentCertificates.challengeProtocol]),
            ] {
                let client = try await TestIRCClient.connect(port: port, .tls(name: name, protocols: protocols))
                #expect(client.serverFingerprint == first.fingerprint)
                try await client.send("hello")
                try await client.next(containing: "got hello")
            }
        }
    }
}
