import NIOCore
import Testing
import Transport

@Suite struct LineFramerTests {
    private func frames(_ chunks: [String], limit: Int = 20) -> [String] {
        var framer = LineFramer(limit: limit)
        return chunks.flatMap { frames(of: ByteBuffer(string: $0), &framer) }
    }

    private func frames(of bytes: ByteBuffer, _ framer: inout LineFramer) -> [String] {
        var chunk = bytes
        var found: [String] = []
        while let frame = framer.next(in: &chunk) {
            switch frame {
            case .line(let line): found.append(String(buffer: line))
            case .overlong: found.append("(overlong)")
            }
        }
        #expect(chunk.readableBytes == 0)
        return found
    }

    @Test(arguments: [
        (["a\r\nb\r\n"], ["a", "b"]),
        (["a\nb\n"], ["a", "b"]),
        (["\r\n\n\r\na\r\n\r\n"], ["a"]),
        (["a", "b", "\r", "\n"], ["ab"]),
        (["a\r", "\nb\n"], ["a", "b"]),
        (["a\rb\n"], ["a\rb"]),
        (["a\r\r\n"], ["a"]),
        (["no end"], []),
        ([" a \n"], [" a "]),
    ])
    func linesAreCut(_ chunks: [String], _ expected: [String]) {
        #expect(frames(chunks) == expected)
    }

    @Test func theLimitCountsTheLineWithoutItsEnd() {
        #expect(frames(["12345\r\n", "123456\r\n", "1\n"], limit: 5) == ["12345", "(overlong)", "1"])
        #expect(frames(["12345", "\r", "\n", "123456", "\r\n"], limit: 5) == ["12345", "(overlong)"])
    }

    @Test func anOverlongLineIsReportedOnceAndSkippedToItsEnd() {
        #expect(frames(["123", "456", "789", "0123456789\n", "a\n"], limit: 5) == ["(overlong)", "a"])
        #expect(frames(["1234567890\na\n"], limit: 5) == ["(overlong)", "a"])
    }

    @Test func nothingIsHeldBeyondTheLimit() {
        var framer = LineFramer(limit: 5)
        for _ in 0..<100 {
            _ = frames(of: ByteBuffer(string: "123"), &framer)
            #expect(framer.heldBytes <= 6)
        }
        #expect(frames(of: ByteBuffer(string: "\nok\n"), &framer) == ["ok"])
        #expect(framer.heldBytes == 0)
    }

    @Test func wholeLinesShareTheStorageTheyCameIn() throws {
        var framer = LineFramer(limit: 20)
        var chunk = ByteBuffer(string: "hello\r\nrest")
        let start = chunk.withUnsafeReadableBytes { $0.baseAddress }
        guard case .line(let line)? = framer.next(in: &chunk) else {
            Issue.record("no line")
            return
        }
        #expect(line.withUnsafeReadableBytes { $0.baseAddress } == start)
    }

    @Test func howTheBytesAreSplitDoesNotMatter() {
        var random = SplitMix(state: 7)
        for _ in 0..<300 {
            let text = (0..<60).map { _ in ["a", "b", "\r", "\n", "\r\n", "cdefgh"].randomElement(using: &random) ?? "" }.joined()
            var chunks: [String] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let size = Int.random(in: 1...9, using: &random)
                chunks.append(String(decoding: rest.prefix(size), as: UTF8.self))
                rest = rest.dropFirst(size)
            }
            #expect(frames(chunks, limit: 12) == frames([text], limit: 12))
        }
    }

    @Test func aMessageEndsItsLastLine() {
        var framer = LineFramer(limit: 5)
        var message = ByteBuffer(string: "abc")
        #expect(framer.last(in: &message) == .line(ByteBuffer(string: "abc")))
        #expect(message.readableBytes == 0)
        message = ByteBuffer(string: "abcdef")
        #expect(framer.last(in: &message) == .overlong)
        message = ByteBuffer(string: "\r")
        #expect(framer.last(in: &message) == nil)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
