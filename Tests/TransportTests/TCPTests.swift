import MainLoop
import NIOCore
import RoostTesting
import Server
import Testing
import Transport

@LoopActor
@Suite struct TCPTests {
    private let server = EchoServer()
    private let edge: Edge

    init() {
        edge = server.edge()
    }

    private func withListener(_ body: @LoopActor (Int) async throws -> Void) async throws {
        let listener = try await Listener.tcp(ListenAddress(host: "127.0.0.1", port: 0), edge: edge)
        await listener.start()
        try await body(listener.address.port)
        await listener.stop()
    }

    @Test func linesGoBothWaysInOrder() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array("one\r\ntwo\nthr".utf8))
            try await client.next(containing: "got two")
            try await client.send("ee")
            try await client.next(containing: "got three")
            #expect(client.lines == ["got one", "got two", "got three"])
            #expect(server.peers == [Peer(address: "127.0.0.1", port: client.localPort, isSecure: false, transport: .tcp)])
            await client.close()
            await edge.openConnections.drained()
            #expect(server.ends == ["Connection closed"])
        }
    }

    @Test func anOverlongLineIsReportedAndTheConnectionGoesOn() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(String(repeating: "x", count: World.lineLimit + 1))
            try await client.send(String(repeating: "y", count: World.lineLimit))
            try await client.send("after")
            try await client.next(containing: "got after")
            #expect(client.lines.map { $0.prefix(8) } == ["overlong", "got yyyy", "got afte"])
        }
    }

    @Test func theLastLineArrivesBeforeAnOrderlyClose() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array("quit\r\nmore\r\nand more\r\n".utf8))
            try await client.next(containing: "bye")
            #expect(try await client.end() == .closed)
            #expect(client.lines == ["bye"])
            await edge.openConnections.drained()
        }
    }

    @Test func anAbortIsAReset() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("abort")
            #expect(try await client.end() == .reset)
            await edge.openConnections.drained()
        }
    }

    @Test func aResetByTheClientIsToldApart() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("hello")
            try await client.next(containing: "got hello")
            await client.reset()
            await edge.openConnections.drained()
            #expect(server.ends == ["Connection reset by peer"])
        }
    }

    @Test func whatASlowReaderDoesNotTakeIsCounted() async throws {
        try await withListener { port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send("hello")
            try await client.next(containing: "got hello")
            try await client.setReading(false)
            let connection = try #require(server.connections.first)
            let line = ByteBuffer(string: String(repeating: "x", count: 1000) + "\r\n")
            for _ in 0..<20_000 { connection.write(line) }
            connection.write(ByteBuffer(string: "the end\r\n"))
            connection.flush()
            #expect(connection.unsentBytes > 1_000_000)
            #expect(connection.oldestUnsent == .zero)
            try await client.setReading(true)
            try await client.next(containing: "the end")
            #expect(client.lines.count == 20_002)
            #expect(connection.unsentBytes == 0)
            #expect(connection.oldestUnsent == nil)
        }
    }

    @Test func nobodyIsLetInBeforeTheStart() async throws {
        let listener = try await Listener.tcp(ListenAddress(host: "127.0.0.1", port: 0), edge: edge)
        let client = try await TestIRCClient.connect(port: listener.address.port)
        try await client.send("hello")
        #expect(server.peers.isEmpty)
        await listener.start()
        try await client.next(containing: "got hello")
        await listener.stop()
    }
}
