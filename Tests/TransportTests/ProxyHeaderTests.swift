import NIOCore
import Server
import Testing

@testable import Transport

@Suite struct ProxyHeaderTests {
    private func read(_ bytes: [UInt8]) -> (ProxyHeader.Reading, rest: String) {
        var buffer = ByteBuffer(bytes: bytes)
        let reading = ProxyHeader.read(&buffer)
        return (reading, String(buffer: buffer))
    }

    private func client(_ address: String, _ port: Int, secure: Bool = false) -> ProxyHeader.Reading {
        .header(ProxyHeader(client: .init(address: address, port: port), isSecure: secure))
    }

    @Test(arguments: [
        ("PROXY TCP4 192.0.2.7 127.0.0.1 65533 6667\r\n", "192.0.2.7", 65533),
        ("PROXY TCP4 192.0.2.7 127.0.0.1 65533 6667\n", "192.0.2.7", 65533),
        ("PROXY TCP6 2001:DB8:0::1 ::1 1 2\r\n", "2001:db8::1", 1), ("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "192.0.2.7", 1),
    ])
    func aLineNamesTheClient(_ header: String, _ address: String, _ port: Int) {
        let (reading, rest) = read(Array((header + "NICK a\r\n").utf8))
        #expect(reading == client(address, port) && rest == "NICK a\r\n")
    }

    @Test func whoIsUnknownStaysTheProxy() {
        #expect(read(Array("PROXY UNKNOWN\r\nx".utf8)) == (.header(ProxyHeader()), "x"))
        #expect(read(Array("PROXY UNKNOWN ffff:f...f:ffff 1 2 3\r\n".utf8)).0 == .header(ProxyHeader()))
    }

    @Test(arguments: [
        "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP4 nobody 127.0.0.1 1 2\r\n", "PROXY TCP4 192.0.2.7 127.0.0.1 65536 2\r\n",
        "PROXY TCP4 192.0.2.7 127.0.0.1 1 2 3\r\n", "PROXY TCP4 192.0.2.7 127.0.0.1  2\r\n", "PROXY UDP4 192.0.2.7 127.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 here 1 2\r\n", "PROXY " + String(repeating: "x", count: 200),
    ])
    func otherLinesAreMalformed(_ header: String) {
        #expect(read(Array(header.utf8)).0 == .malformed)
    }

    @Test func aHeaderMayComeInPieces() {
        for header in [Array("PROXY TCP4 192.0.2.7 127.0.0.1 9 2\r\n".utf8), binary()] {
            for length in 0..<header.count { #expect(read(Array(header.prefix(length))).0 == .incomplete, "\(length)") }
            #expect(read(header).0 == client("192.0.2.7", 9))
        }
    }

    @Test(arguments: ["NICK a\r\n", "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "\u{16}\u{3}\u{1}", "PROXYNICK\r\n", "\r\nNICK a\r\n"])
    func whatIsNoHeaderIsLeft(_ text: String) {
        #expect(read(Array(text.utf8)) == (.absent, text))
    }

    // MARK: Version 2

    private let source: [UInt8] = [192, 0, 2, 7, 127, 0, 0, 1, 0, 9, 0, 2]

    private func binary(_ command: UInt8 = 0x21, _ family: UInt8 = 0x11, _ body: [UInt8]? = nil, length: Int? = nil) -> [UInt8] {
        let body = body ?? source
        let count = length ?? body.count
        return Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [command, family, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }

    @Test func aBinaryHeaderNamesTheClient() {
        #expect(read(binary() + Array("NICK a".utf8)) == (client("192.0.2.7", 9), "NICK a"))
        let six: [UInt8] =
            [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1] + [UInt8](repeating: 0, count: 16) + [0, 1, 0, 2]
        #expect(read(binary(0x21, 0x21, six)).0 == client("2001:db8::1", 1))
    }

    @Test(arguments: [
        ([0x20, 0, 5, 1, 0, 0, 0, 0], true), ([0x20, 0, 5, 0, 0, 0, 0, 0], false), ([4, 0, 1, 0, 0x20, 0, 1, 1], true),
        ([0x20, 0, 9], false),
    ])
    func itTellsWhoCameOverTLS(_ extras: [UInt8], _ isSecure: Bool) {
        #expect(read(binary(0x21, 0x11, source + extras)).0 == client("192.0.2.7", 9, secure: isSecure))
    }

    @Test func aProxyMaySpeakForItself() {
        #expect(read(binary(0x20, 0, [])).0 == .header(ProxyHeader()))
        #expect(read(binary(0x21, 0x31, [UInt8](repeating: 0, count: 216))).0 == .header(ProxyHeader()))
    }

    @Test func otherBinaryHeadersAreMalformed() {
        #expect(read(binary(0x11)).0 == .malformed)
        #expect(read(binary(0x22)).0 == .malformed)
        #expect(read(binary(0x21, 0x11, Array(source.dropLast()))).0 == .malformed)
        #expect(read(binary(0x21, 0x11, length: ProxyHeader.bodyLimit + 1)).0 == .malformed)
    }
}

@Suite struct TrustedProxiesTests {
    private let proxies = TrustedProxies(["127.0.0.1", "10.0.0.0/8"].compactMap { AddressRange($0) })

    @Test(arguments: [
        ("192.0.2.9", ["203.0.113.1"], "192.0.2.9"), ("127.0.0.1", [], "127.0.0.1"), ("127.0.0.1", ["203.0.113.1"], "203.0.113.1"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.1,10.2.3.4"], "203.0.113.1"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.1"], "203.0.113.1"),
        ("127.0.0.1", ["203.0.113.1, nonsense"], "127.0.0.1"), ("127.0.0.1", ["nonsense, 10.2.3.4"], "10.2.3.4"),
        ("127.0.0.1", ["2001:DB8::1"], "2001:db8::1"), ("127.0.0.1", [""], "127.0.0.1"),
    ])
    func onlyWhatAProxyWroteIsBelieved(_ address: String, _ header: [String], _ origin: String) {
        #expect(proxies.origin(of: address, forwarded: header) == origin)
    }
}
