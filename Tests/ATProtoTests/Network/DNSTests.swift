import MainLoop
import NIOCore
import NIOPosix
import Testing

@testable import ATProto

@Suite struct DNSMessageTests {
    /// The header of an answer to one question, and the question.
    private func answer(id: UInt16 = 7, flags: UInt16 = 0x8180, name: String = "a.example", count: UInt16, _ body: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeMultipleIntegers(id, flags, UInt16(1), count, UInt16(0), UInt16(0))
        for label in name.split(separator: ".") {
            buffer.writeInteger(UInt8(label.utf8.count))
            buffer.writeString(String(label))
        }
        buffer.writeMultipleIntegers(UInt8(0), UInt16(16), UInt16(1))
        buffer.writeBytes(body)
        return buffer
    }

    private func record(_ data: [UInt8], name: [UInt8] = [0xC0, 12]) -> [UInt8] {
        name + [0, 16, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
    }

    private func parse(_ bytes: ByteBuffer) -> DNSMessage.Answer? {
        DNSMessage.answer(bytes, id: 7, name: "A.example", type: .txt)
    }

    @Test func joinsTheStringsOfARecord() {
        let text = record([3] + Array("did".utf8) + [2] + Array("=x".utf8))
        #expect(parse(answer(count: 1, text)) == DNSMessage.Answer(code: 0, isTruncated: false, values: ["did=x"]))
    }

    @Test func anotherIDNameOrTypeIsNoAnswer() {
        #expect(parse(answer(id: 8, count: 0, [])) == nil)
        #expect(parse(answer(flags: 0x0100, count: 0, [])) == nil)
        #expect(parse(answer(name: "b.example", count: 0, [])) == nil)
        #expect(DNSMessage.answer(answer(count: 0, []), id: 7, name: "a.example", type: .a) == nil)
    }

    @Test func compressionMustPointBackwards() {
        #expect(parse(answer(count: 1, record([1, 65], name: [0xC0, 40]))) == nil)
        #expect(parse(answer(count: 1, record([1, 65], name: [0xC0, 27]))) == nil)
    }

    @Test func brokenRecordsAreNoAnswer() {
        #expect(parse(answer(count: 1, record([9, 65]))) == nil)
        #expect(parse(answer(count: 2, record([1, 65]))) == nil)
        #expect(parse(answer(count: 1, [0xC0])) == nil)
        #expect(parse(answer(flags: 0x8380, count: 2, record([1, 65])))?.isTruncated == true)
    }

    @Test func anyBytesAreSurvived() {
        for _ in 0..<5000 {
            var bytes = Array(answer(count: 1, record([1, 65])).readableBytesView)
            for _ in 0..<Int.random(in: 1..<6) { bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: .min ... .max) }
            _ = parse(ByteBuffer(bytes: bytes.prefix(Int.random(in: 0...bytes.count))))
        }
    }

    @Test func aQuestionIsReadAsTheServerWould() throws {
        let question = try #require(DNSMessage.question(id: 1, name: "_atproto.alice.example", type: .txt))
        #expect(question.getString(at: 13, length: 8) == "_atproto")
        #expect(DNSMessage.question(id: 1, name: String(repeating: "a", count: 64) + ".com", type: .txt) == nil)
    }
}
