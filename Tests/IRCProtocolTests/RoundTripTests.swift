import IRCProtocol
import NIOCore
import Testing

/// What is put into a line comes out of it again, whatever it is.
@Suite struct RoundTripTests {
    private static let middle = Array("abcXYZ019#&@!~+-_=;\\\"'é漢🪺").map(String.init)
    private static let last = middle + [" ", ":", "  "]

    private func text(of characters: [String], _ lengths: Range<Int>) -> String {
        (0..<Int.random(in: lengths)).map { _ in characters.randomElement() ?? "x" }.joined()
    }

    @Test func noParameterIsLostOrChanged() throws {
        for _ in 0..<5000 {
            let verb = text(of: ["A", "b", "Z", "9"], 1..<8)
            var parameters = (0..<Int.random(in: 0..<Message.maximumParameters)).map { _ in text(of: Self.middle, 1..<12) }
            let spaces = String(repeating: " ", count: Int.random(in: 1..<4))
            var line = Bool.random() ? "@\(text(of: ["a", "=", ";", "+", "\\s", "é"], 0..<20))\(spaces)" : ""
            if Bool.random() { line += ":\(text(of: Self.middle, 1..<20))\(spaces)" }
            line += ([verb] + parameters).joined(separator: spaces)
            if Bool.random() {
                parameters.append(text(of: Self.last, 0..<20))
                line += spaces + ":" + (parameters.last ?? "")
            }
            let message = try #require(Message(ByteBuffer(string: line)), "\(line)")
            #expect(message.verb.text == verb.uppercased(), "\(line)")
            #expect(message.parameters == parameters, "\(line)")
            #expect(message.tagSectionLength + message.contentLength == line.utf8.count || line.hasPrefix("@"), "\(line)")
            #expect(message.isValidUTF8)
        }
    }

    /// Words that stand before the text keep their order, also when there are more than a line may have.
    @Test func whatIsTooMuchStaysInTheLastParameter() throws {
        for count in 1..<40 {
            let words = (0..<count).map { "w\($0)" }
            let message = try #require(Message(ByteBuffer(string: "X " + words.joined(separator: " "))))
            #expect(message.count == min(count, Message.maximumParameters))
            #expect(message.parameters.joined(separator: " ") == words.joined(separator: " "))
        }
    }

    @Test func bytesComeOutAsTheyWentIn() throws {
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1..<60)).map { _ in UInt8.random(in: 0...255) }
            let message = try #require(Message(ByteBuffer(bytes: Array("PRIVMSG #c :".utf8) + bytes)))
            #expect(message.bytes(1).map { Array($0.readableBytesView) } == bytes)
            #expect(message.hasForbiddenBytes == bytes.contains { $0 == 0 || $0 == 13 })
            #expect(message.isValidUTF8 == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }

    @Test func whatIsNotThereIsNil() throws {
        let message = try #require(Message(ByteBuffer(string: "A b")))
        #expect(message[1] == nil && message.bytes(1) == nil && message.length(1) == 0)
        #expect(message.tags == nil && message.tagSectionLength == 0)
    }
}
