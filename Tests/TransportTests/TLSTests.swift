import MainLoop
import NIOCore
import NIOEmbedded
import RoostTesting
import Server
import Testing

@testable import Transport

@LoopActor
@Suite struct TLSTests {
    private let server = EchoServer()
    private let edge: Edge
    private let identity: TestIRCClientCertificate
    private let certificates: CurrentCertificates

    init() throws {
        edge = server.edge()
        identity = try TestIRCClientCertificate()
        certificates = CurrentCertificates(ServerCertificates([try identity.loaded()]))
    }

    private func withListener(_ body: @LoopActor (Int) async throws -> Void) async throws {
        let listener = try await Listener.tls(ListenAddress(host: "127.0.0.1", port: 0), certificates: certificates, edge: edge)
        await listener.start()
        try await body(listener.address.port)
        await listener.stop()
    }

    @Test func linesGoBothWays() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port, .tls())
            try await client.send("hello")
            try await client.next(containing: "got hello")
            #expect(client.serverFingerprint == identity.fingerprint)
            #expect(certificates.value.first.fingerprint == identity.fingerprint)
            #expect(server.peers == [Peer(address: "127.0.0.1", port: client.localPort, isSecure: true, transport: .tls)])
            await client.close()
            await edge.openConnections.drained()
            #expect(server.ends == ["Connection closed"])
        }
    }

    @Test func whoIsBannedGetsNoHandshake() async throws {
        server.banned = ["127.0.0.1"]
        try await withListener { port in
            await #expect(throws: (any Error).self) { try await TestIRCClient.connect(port: port, .tls()) }
            #expect(server.peers.isEmpty)
            server.banned = []
            let client = try await TestIRCClient.connect(port: port, .tls())
            try await client.send("hello")
            try await client.next(containing: "got hello")
        }
    }

    @Test func theFingerprintOfAClientCertificateIsKnown() async throws {
        try await withListener { port in
            let mine = try TestIRCClientCertificate(name: "a person")
            let client = try await TestIRCClient.connect(port: port, .tls(certificate: mine))
            try await client.send("hello")
            try await client.next(containing: "got hello")
            #expect(server.peers.first?.certificateFingerprint == mine.fingerprint)
        }
    }

    @Test func aNewCertificateIsForNewConnections() async throws {
        try await withListener { port in
            let old = try await TestIRCClient.connect(port: port, .tls())
            let renewed = try TestIRCClientCertificate()
            certificates.value = ServerCertificates([try renewed.loaded()])
            let new = try await TestIRCClient.connect(port: port, .tls())
            #expect(old.serverFingerprint == identity.fingerprint)
            #expect(new.serverFingerprint == renewed.fingerprint)
            try await old.send("still here")
            try await old.next(containing: "got still here")
        }
    }

    @Test func anOrderlyCloseSendsTheLastLine() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port, .tls())
            try await client.send("quit")
            try await client.next(containing: "bye")
            #expect(try await client.end() == .closed)
            await edge.openConnections.drained()
        }
    }

    @Test func anAbortDoesNotWaitForTLS() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port, .tls())
            try await client.send("abort")
            #expect(try await client.end() == .reset)
            await edge.openConnections.drained()
        }
    }

    @Test func theServerDoesNotHearOfWhoSpeaksNoTLS() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("NICK me")
            _ = try await client.end()
            #expect(server.peers.isEmpty)
            #expect(edge.openConnections.count == 0)
        }
    }

    @Test func aHandshakeThatTakesTooLongIsCut() throws {
        let clock = VirtualClock()
        let edge = server.edge(clock)
        let channel = EmbeddedChannel(handler: HandshakeHandler(edge, handshakes: Handshakes(limit: 9, edge: edge), proxy: ProxyHeader()))
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
        clock.advance(by: .milliseconds(9999))
        #expect(channel.isActive)
        clock.advance(by: .milliseconds(1))
        #expect(!channel.isActive)
    }

    @Test func handshakesUnderWayAreBounded() throws {
        let handshakes = Handshakes(limit: 2, edge: edge)
        let channels = try (0..<3).map { _ in
            let channel = EmbeddedChannel(handler: HandshakeHandler(edge, handshakes: handshakes, proxy: ProxyHeader()))
            try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
            return channel
        }
        #expect(channels.map(\.isActive) == [true, true, false])
        channels[0].close(promise: nil)
        channels[0].embeddedEventLoop.run()
        #expect(handshakes.begin())
        #expect(!handshakes.begin())
    }
}

extension TestIRCClientCertificate {
    func loaded() throws -> ServerCertificate {
        try ServerCertificate(certificate: certificateBytes, key: keyBytes, certificateName: "cert.pem", keyName: "key.pem")
    }
}
