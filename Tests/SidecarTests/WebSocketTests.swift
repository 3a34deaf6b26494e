import MainLoop
import NIOCore
import NIOWebSocket
import RoostTesting
import Server
import Sidecar
import Testing
import Transport

@LoopActor
@Suite struct WebSocketTests {
    private func frame(_ opcode: WebSocketOpcode, _ text: String, fin: Bool = true) -> WebSocketFrame {
        WebSocketFrame(fin: fin, opcode: opcode, maskKey: .random(), data: ByteBuffer(string: text))
    }

    @Test func linesGoBothWays() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket())
            #expect(client.subprotocol == nil)
            try await client.send("hello")
            try await client.next(containing: "got hello")
            var peer = Peer(address: "127.0.0.1", port: client.localPort, isSecure: true, transport: .webSocket)
            peer.takesLongLines = true
            #expect(test.server.peers == [peer])
            #expect(test.edge.openConnections.count == 1)
            #expect(test.sidecar.connectionCount == 0)
            await client.close()
            await test.edge.openConnections.drained()
            #expect(test.server.ends == ["Connection closed"])
        }
    }

    @Test func aMessageMayHoldSeveralLines() async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket(subprotocols: ["text.ircv3.net"]))
            #expect(client.subprotocol == "text.ircv3.net")
            try await client.send("one\r\ntwo\n\nthree\r\n")
            try await client.send("four")
            try await client.next(containing: "got four")
            #expect(client.lines == ["got one", "got two", "got three", "got four"])
        }
    }

    @Test func fragmentsAndBinaryFramesAreLinesToo() async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket(subprotocols: ["binary.ircv3.net"]))
            #expect(client.subprotocol == "binary.ircv3.net")
            try await client.send(frame: frame(.text, "he", fin: false))
            try await client.send(frame: frame(.ping, "are you there"))
            try await client.send(frame: frame(.continuation, "llo"))
            try await client.send(frame: frame(.binary, "bytes"))
            try await client.next(containing: "got bytes")
            #expect(client.lines == ["(pong) are you there", "got hello", "got bytes"])
        }
    }

    @Test func theRootIsAsGood() async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket(subprotocols: ["text.ircv3.net"], path: "/"))
            try await client.send("hello")
            try await client.next(containing: "got hello")
        }
    }

    /// A client that named no subprotocol takes each answer for one line, however long (CAP LS).
    @Test func whoNamesNoSubprotocolTakesLongLines() async throws {
        try await TestSidecar().run { test, port in
            for subprotocols in [[], ["text.ircv3.net"], ["binary.ircv3.net"], ["unknown.example"]] {
                let client = try await TestIRCClient.connect(port: port, .webSocket(subprotocols: subprotocols))
                try await client.send("hello")
                try await client.next(containing: "got hello")
                #expect(test.server.peers.last?.takesLongLines == (client.subprotocol == nil))
            }
        }
    }

    /// How long a line may be depends on what the client takes.
    @Test(arguments: [([], World.longLineLimit), (["text.ircv3.net"], World.lineLimit)])
    func anOverlongLineIsReported(_ subprotocols: [String], _ limit: Int) async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket(subprotocols: subprotocols))
            let longest = String(repeating: "x", count: limit)
            try await client.send(longest)
            try await client.send(longest + "x")
            try await client.send(longest + "x\nafter")
            try await client.next(containing: "got after")
            #expect(client.lines == ["got \(longest)", "overlong", "overlong", "got after"])
        }
    }

    @Test func aMessageBeyondTheBoundEndsTheConnection() async throws {
        try await TestSidecar { $0.limits.webSocketMessage = 100 }.run { test, port in
            let whole = try await TestIRCClient.connect(port: port, .webSocket())
            try await whole.send(String(repeating: "x", count: 101))
            #expect(try await whole.end() == .closed)
            #expect(whole.closeCode == .messageTooLarge)
            let parts = try await TestIRCClient.connect(port: port, .webSocket())
            try await parts.send(frame: frame(.text, String(repeating: "x", count: 60), fin: false))
            try await parts.send(frame: frame(.continuation, String(repeating: "x", count: 60)))
            #expect(try await parts.end() == .closed)
            #expect(parts.closeCode == .messageTooLarge)
            await test.edge.openConnections.drained()
            #expect(test.server.ends == ["WebSocket error", "WebSocket error"])
        }
    }

    @Test func whatBreaksTheRulesEndsTheConnection() async throws {
        try await TestSidecar().run { test, port in
            let unmasked = try await TestIRCClient.connect(port: port, .webSocket())
            try await unmasked.send(frame: WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "x")))
            #expect(try await unmasked.end() == .closed)
            #expect(unmasked.closeCode == .protocolError)
            let invalid = try await TestIRCClient.connect(port: port, .webSocket())
            let data = ByteBuffer(bytes: [0xFF, 0xFE])
            try await invalid.send(frame: WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: data))
            #expect(try await invalid.end() == .closed)
            #expect(invalid.closeCode == .dataInconsistentWithMessage)
            await test.edge.openConnections.drained()
        }
    }

    @Test func theClientMayClose() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket())
            var code = ByteBuffer()
            code.write(webSocketErrorCode: .goingAway)
            try await client.send(frame: WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: code))
            #expect(try await client.end() == .closed)
            #expect(client.closeCode == .goingAway)
            await test.edge.openConnections.drained()
            #expect(test.server.ends == ["Connection closed"])
        }
    }

    @Test func theServerMayClose() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket())
            try await client.send("quit\nmore")
            try await client.next(containing: "bye")
            #expect(try await client.end() == .closed)
            #expect(client.closeCode == .normalClosure)
            #expect(client.lines == ["bye"])
            await test.edge.openConnections.drained()
        }
    }

    @Test func anAbortIsAReset() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port, .webSocket())
            test.server.connections.first?.abort()
            #expect(try await client.end() == .reset)
            await test.edge.openConnections.drained()
        }
    }

    @Test func pagesOfThisHostAndKnownOnesMayConnect() async throws {
        try await TestSidecar().run { test, port in
            for origin in ["https://app.test", "https://irc.test", "http://127.0.0.1:\(port)"] {
                let client = try await TestIRCClient.connect(port: port, .webSocket(origin: origin))
                await client.close()
            }
            await test.edge.openConnections.drained()
        }
    }

    @Test(arguments: [("https://evil.test", "/irc", 403), ("null", "/irc", 403), ("https://app.test", "/other", 404)])
    func othersAreRefused(_ origin: String, _ path: String, _ status: Int) async throws {
        try await TestSidecar().run { test, port in
            await #expect {
                _ = try await TestIRCClient.connect(port: port, .webSocket(origin: origin, path: path))
            } throws: { error in
                guard case TestIRCClient.Failure.refused(status: status) = error else { return false }
                return true
            }
            #expect(test.server.peers.isEmpty)
        }
    }

    @Test func aConnectionThatServedRequestsCanStillBecomeOne() async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            try await client.next(containing: "200 OK")
            let upgrade = [
                "GET /irc HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
            ]
            // The first frame comes with the request, as some clients do it: "hi" masked with zeros.
            let first: [UInt8] = [0x81, 0x83, 0, 0, 0, 0] + Array("hi\n".utf8)
            try await client.send(bytes: Array(upgrade.joined(separator: "\r\n").utf8) + first)
            try await client.next(containing: "101 Switching Protocols")
            try await client.next(containing: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            // A frame has no line end of its own; a pong that does follows it.
            try await client.send(bytes: [0x89, 0x81, 0, 0, 0, 0] + Array("\n".utf8))
            try await client.next(containing: "got hi")
        }
    }
}
