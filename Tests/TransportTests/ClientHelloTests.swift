import NIOCore
import Testing

@testable import Transport

@Suite struct ClientHelloTests {
    /// A hello in records of at most `recordSize` bytes.
    private func bytes(_ hello: ClientHello, recordSize: Int = 16_384, padding: Int = 0) -> ByteBuffer {
        func prefixed<Length: FixedWidthInteger>(_ length: Length.Type, _ content: [UInt8]) -> [UInt8] {
            var buffer = ByteBuffer()
            buffer.writeInteger(Length(content.count))
            buffer.writeBytes(content)
            return Array(buffer.readableBytesView)
        }
        func tag(_ type: UInt16) -> [UInt8] { [UInt8(type >> 8), UInt8(type & 0xFF)] }
        // An extension that nobody knows comes first.
        var extensions = tag(0x1A1A) + prefixed(UInt16.self, [UInt8](repeating: 0, count: padding))
        if let name = hello.serverName {
            extensions += tag(0) + prefixed(UInt16.self, prefixed(UInt16.self, [0] + prefixed(UInt16.self, Array(name.utf8))))
        }
        if !hello.protocols.isEmpty {
            extensions +=
                tag(16) + prefixed(UInt16.self, prefixed(UInt16.self, hello.protocols.flatMap { prefixed(UInt8.self, Array($0.utf8)) }))
        }
        let body =
            [3, 3] + [UInt8](repeating: 7, count: 32) + prefixed(UInt8.self, [1, 2]) + prefixed(UInt16.self, [0x13, 1])
            + prefixed(UInt8.self, [0]) + prefixed(UInt16.self, extensions)
        let message: [UInt8] = [1, UInt8(body.count >> 16), UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)] + body
        var records = ByteBuffer()
        for start in stride(from: 0, to: message.count, by: recordSize) {
            records.writeBytes([22, 3, 1] + prefixed(UInt16.self, Array(message[start..<min(start + recordSize, message.count)])))
        }
        return records
    }

    @Test(arguments: [
        ClientHello(), ClientHello(serverName: "irc.example.com"), ClientHello(protocols: ["acme-tls/1"]),
        ClientHello(serverName: "a.example", protocols: ["irc", "http/1.1"]),
    ])
    func isReadWholeInAnyPieces(_ hello: ClientHello) {
        for size in [1, 5, 40, 16_384] {
            let whole = bytes(hello, recordSize: size)
            #expect(ClientHello.read(whole) == .hello(hello), "records of \(size)")
            for length in 0..<whole.readableBytes {
                #expect(ClientHello.read(whole.getSlice(at: 0, length: length)!) == .incomplete, "\(length) bytes in records of \(size)")
            }
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "NICK wren\r\n", "\u{16}\u{2}\u{1}\u{0}\u{5}aaaaa", "\u{16}\u{3}\u{1}\u{0}\u{5}\u{2}aaaa",
        "\u{16}\u{3}\u{1}\u{0}\u{0}", "\u{16}\u{3}\u{1}\u{0}\u{6}\u{1}\u{0}\u{0}\u{2}aa", "\u{15}\u{3}\u{1}",
    ])
    func anythingElseIsNone(_ text: String) {
        #expect(ClientHello.read(ByteBuffer(string: text)) == .other)
    }

    @Test func isBounded() {
        #expect(ClientHello.read(bytes(ClientHello(), padding: 16_000)) == .hello(ClientHello()))
        let long = bytes(ClientHello(), recordSize: 1000, padding: 17_000)
        #expect(ClientHello.read(long.getSlice(at: 0, length: 2000)!) == .other)
    }

    /// Changed bytes are read as something or as nothing; they never end the process.
    @Test func damageIsHarmless() {
        let whole = Array(bytes(ClientHello(serverName: "irc.example.com", protocols: ["irc"])).readableBytesView)
        for index in whole.indices {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[index] = value
                _ = ClientHello.read(ByteBuffer(bytes: damaged))
            }
        }
    }
}
