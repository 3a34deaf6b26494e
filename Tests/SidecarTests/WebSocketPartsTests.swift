import NIOCore
import NIOHTTP1
import NIOWebSocket
import Testing

@testable import Sidecar

@Suite struct WebSocketPartsTests {
    private func head(_ changes: [(String, String?)] = []) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/irc")
        head.headers = [
            "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        for (name, value) in changes {
            head.headers.remove(name: name)
            if let value { head.headers.add(name: name, value: value) }
        }
        return head
    }

    /// The example of RFC 6455 section 1.3.
    @Test func theKeyIsAnswered() throws {
        let response = try #require(WebSocketHandshake(head())).response
        #expect(response.status == .switchingProtocols)
        #expect(response.headers["Sec-WebSocket-Accept"] == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="])
        #expect(response.headers["Sec-WebSocket-Protocol"].isEmpty)
    }

    @Test(
        arguments: [
            ("Upgrade", nil), ("Upgrade", "h2c"), ("Connection", "close"), ("Sec-WebSocket-Version", "8"), ("Sec-WebSocket-Version", nil),
            ("Sec-WebSocket-Key", nil), ("Sec-WebSocket-Key", "short"), ("Sec-WebSocket-Key", "not base64 at all!!!"),
        ] as [(String, String?)])
    func anImproperRequestIsNone(_ name: String, _ value: String?) {
        #expect(WebSocketHandshake(head([(name, value)])) == nil)
    }

    @Test func theFirstKnownSubprotocolIsChosen() {
        #expect(WebSocketHandshake(head([("Sec-WebSocket-Protocol", "x, binary.ircv3.net, text.ircv3.net")]))?.subprotocol == .binary)
        #expect(WebSocketHandshake(head([("Sec-WebSocket-Protocol", "text.ircv3.net")]))?.subprotocol == .text)
        #expect(WebSocketHandshake(head([("Sec-WebSocket-Protocol", "x")]))?.subprotocol == nil)
    }

    // MARK: Outgoing

    @Test func aLineIsOneFrameWithoutItsEnd() {
        let frame = WebSocketFraming(subprotocol: .text).encode(ByteBuffer(string: "hi\r\n"))
        #expect(frame == ByteBuffer(bytes: [0x81, 2] + Array("hi".utf8)))
        let binary = WebSocketFraming(subprotocol: .binary).encode(ByteBuffer(string: "hi\r\n"))
        #expect(binary == ByteBuffer(bytes: [0x82, 2] + Array("hi".utf8)))
    }

    @Test(arguments: [(125, [125]), (126, [126, 0, 126]), (65_535, [126, 255, 255]), (65_536, [127, 0, 0, 0, 0, 0, 1, 0, 0])])
    func lengthsAreWrittenInTheirShortestForm(_ length: Int, _ expected: [UInt8]) {
        let frame = WebSocketFraming.frame(.text, ByteBuffer(repeating: 0x61, count: length))
        #expect(Array(frame.readableBytesView.dropFirst().prefix(expected.count)) == expected)
        #expect(frame.readableBytes == 1 + expected.count + length)
    }

    @Test func textIsAlwaysValid() {
        let line = ByteBuffer(bytes: [0x61, 0xFF, 0x62, 0x0D, 0x0A])
        #expect(WebSocketFraming(subprotocol: .text).encode(line) == ByteBuffer(bytes: [0x81, 5, 0x61, 0xEF, 0xBF, 0xBD, 0x62]))
        #expect(WebSocketFraming(subprotocol: .binary).encode(line) == ByteBuffer(bytes: [0x82, 3, 0x61, 0xFF, 0x62]))
        let valid = ByteBuffer(string: "é\r\n")
        #expect(WebSocketFraming(subprotocol: .text).encode(valid) == ByteBuffer(bytes: [0x81, 2, 0xC3, 0xA9]))
    }

    // MARK: Incoming

    private func frame(_ opcode: WebSocketOpcode, _ text: String, fin: Bool = true) -> WebSocketFrame {
        let key: WebSocketMaskingKey = [1, 2, 3, 4]
        var data = ByteBuffer(string: text)
        data.webSocketMask(key)
        return WebSocketFrame(fin: fin, opcode: opcode, maskKey: key, data: data)
    }

    private func steps(_ frames: [WebSocketFrame], limit: Int = 10) -> [WebSocketMessages.Step] {
        var messages = WebSocketMessages(limit: limit)
        return frames.map { messages.add($0) }
    }

    @Test func fragmentsAreJoinedAroundControlFrames() {
        let frames = [
            frame(.text, "ab", fin: false), frame(.ping, "p"), frame(.continuation, "cd", fin: false), frame(.continuation, "ef"),
        ]
        #expect(
            steps(frames) == [.nothing, .pong(ByteBuffer(string: "p")), .nothing, .message(ByteBuffer(string: "abcdef"))])
        #expect(steps([frame(.binary, "x"), frame(.pong, "y")]) == [.message(ByteBuffer(string: "x")), .nothing])
    }

    @Test func messagesAreBounded() {
        let start = frame(.text, "12345", fin: false)
        #expect(steps([start, frame(.continuation, "67890")]).last == .message(ByteBuffer(string: "1234567890")))
        #expect(steps([start, frame(.continuation, "678901", fin: false)]).last == .failed(.messageTooLarge))
        #expect(steps([frame(.text, "12345678901")]) == [.failed(.messageTooLarge)])
    }

    @Test func theRulesAreKept() {
        #expect(steps([WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "unmasked"))]) == [.failed(.protocolError)])
        #expect(steps([frame(.continuation, "x")]) == [.failed(.protocolError)])
        #expect(steps([frame(.text, "x", fin: false), frame(.text, "y")]).last == .failed(.protocolError))
        var reserved = frame(.text, "x")
        reserved.rsv1 = true
        #expect(steps([reserved]) == [.failed(.protocolError)])
        #expect(steps([frame(WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text, "x")]) == [.failed(.protocolError)])
    }

    @Test func textMustBeUTF8AndBinaryNeedNot() {
        let key: WebSocketMaskingKey = [0, 0, 0, 0]
        let bytes = ByteBuffer(bytes: [0xFF])
        #expect(
            steps([WebSocketFrame(fin: true, opcode: .text, maskKey: key, data: bytes)]) == [.failed(.dataInconsistentWithMessage)])
        #expect(steps([WebSocketFrame(fin: true, opcode: .binary, maskKey: key, data: bytes)]) == [.message(bytes)])
    }

    @Test func theCodeOfACloseIsKept() {
        #expect(steps([frame(.connectionClose, "")]) == [.closed(.normalClosure)])
        #expect(steps([frame(.connectionClose, "\u{3}\u{68}")]) == [.closed(WebSocketErrorCode(codeNumber: 872))])
        #expect(steps([frame(.connectionClose, "x")]) == [.failed(.protocolError)])
    }
}
