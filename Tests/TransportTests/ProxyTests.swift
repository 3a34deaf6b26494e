import MainLoop
import NIOCore
import RoostTesting
import Server
import Testing

@testable import Transport

/// Connections from a proxy, over real sockets.
@LoopActor @Suite struct ProxyTests {
    private let server = EchoServer()
    private let clock = VirtualClock()
    private let header = "PROXY TCP4 192.0.2.7 127.0.0.1 65533 6667\r\n"

    private func withListener(
        trusting range: String = "127.0.0.0/8", requiresHeader: Bool = false, certificates: CurrentCertificates? = nil,
        _ body: @LoopActor (Edge, Int) async throws -> Void
    ) async throws {
        let edge = server.edge(clock)
        edge.proxies = TrustedProxies([AddressRange(range)].compactMap(\.self), requiresHeader: requiresHeader)
        let address = ListenAddress(host: "127.0.0.1", port: 0)
        let listener: Listener
        if let certificates {
            listener = try await .tls(address, certificates: certificates, edge: edge)
        } else {
            listener = try await .tcp(address, edge: edge)
        }
        await listener.start()
        try await body(edge, listener.address.port)
        await listener.stop()
    }

    @Test func theHeaderNamesTheClient() async throws {
        try await withListener { edge, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array((header + "one\r\n").utf8))
            try await client.next(containing: "got one")
            try await client.send("two")
            try await client.next(containing: "got two")
            #expect(server.peers == [Peer(address: "192.0.2.7", port: 65533, isSecure: false, transport: .tcp)])
            await client.close()
            await edge.openConnections.drained()
        }
    }

    @Test func aHeaderIsOptionalUnlessItIsRequired() async throws {
        try await withListener { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("one")
            try await client.next(containing: "got one")
            #expect(server.peers.map(\.address) == ["127.0.0.1"])
        }
        try await withListener(requiresHeader: true) { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("one")
            #expect(try await client.end() == .reset)
            #expect(server.peers.count == 1)
        }
    }

    @Test func nobodyElseIsBelieved() async throws {
        try await withListener(trusting: "10.0.0.0/8", requiresHeader: true) { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array(header.utf8))
            try await client.next(containing: "got PROXY")
            #expect(server.peers.map(\.address) == ["127.0.0.1"])
        }
    }

    @Test func whatIsNoHeaderIsCutOff() async throws {
        try await withListener { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("PROXY nonsense")
            #expect(try await client.end() == .reset)
            #expect(server.peers.isEmpty)
        }
    }

    @Test func halfAHeaderIsCutOffInTheEnd() async throws {
        try await withListener(requiresHeader: true) { edge, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array("PROXY TCP4 192.0.2.7 127".utf8))
            while edge.sockets.count == 0 { await Task.yield() }
            while edge.sockets.count > 0 {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
            #expect(try await client.end() == .reset)
            #expect(server.peers.isEmpty)
        }
    }

    @Test func whoWaitsIsLetIn() async throws {
        try await withListener { _, port in
            let client = try await TestIRCClient.connect(port: port)
            while server.peers.isEmpty {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
            #expect(server.peers.map(\.address) == ["127.0.0.1"])
            try await client.send("one")
            try await client.next(containing: "got one")
        }
    }

    /// The header comes before TLS, in clear.
    @Test func tlsBeginsBehindTheHeader() async throws {
        let identity = try TestIRCClientCertificate()
        try await withListener(certificates: CurrentCertificates(ServerCertificates([try identity.loaded()]))) { edge, port in
            let mine = try TestIRCClientCertificate(name: "a person")
            let client = try await TestIRCClient.connect(port: port, .tls(certificate: mine, preamble: header))
            try await client.send("one")
            try await client.next(containing: "got one")
            let peer = Peer(address: "192.0.2.7", port: 65533, isSecure: true, transport: .tls, certificateFingerprint: mine.fingerprint)
            #expect(server.peers == [peer] && client.serverFingerprint == identity.fingerprint)
            let plain = try await TestIRCClient.connect(port: port, .tls())
            try await plain.send("two")
            try await plain.next(containing: "got two")
        }
    }
}
