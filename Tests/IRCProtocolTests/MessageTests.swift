import IRCProtocol
import NIOCore
import Testing

@Suite struct MessageTests {
    private func parse(_ line: String) -> Message? { Message(ByteBuffer(string: line)) }

    @Test(arguments: [
        ("PING", "PING", []),
        ("privmsg #c :hello there", "PRIVMSG", ["#c", "hello there"]),
        (":me!u@h JOIN #c", "JOIN", ["#c"]),
        ("@a=b;+c :me  MODE  #c   +o  bob ", "MODE", ["#c", "+o", "bob"]),
        ("TOPIC #c :", "TOPIC", ["#c", ""]),
        ("USER a 0 * ::)", "USER", ["a", "0", "*", ":)"]),
        (
            "X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "X",
            ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16"]
        ),
    ])
    func takesALineApart(_ line: String, _ verb: String, _ parameters: [String]) throws {
        let message = try #require(parse(line))
        #expect(message.verb.text == verb)
        #expect(message.parameters == parameters)
    }

    @Test(arguments: ["", "   ", "@tags", "@tags ", ":source", ":source "])
    func findsNoCommand(_ line: String) {
        #expect(parse(line) == nil)
    }

    @Test func keepsTagsRawAndCountsThem() throws {
        let message = try #require(parse("@label=x;+draft/react=a\\sb TAGMSG #c"))
        #expect(message.tags?.value(of: "label") == "x")
        #expect(message.tags?.value(of: "+draft/react") == "a b")
        #expect(message.tags?.clientOnly == "+draft/react=a\\sb")
        #expect(message.tagSectionLength == "@label=x;+draft/react=a\\sb ".utf8.count)
        #expect(message.contentLength == "TAGMSG #c".utf8.count)
    }

    @Test func tellsWhatIsNotUTF8() throws {
        let bad = try #require(Message(ByteBuffer(bytes: Array("PRIVMSG a :".utf8) + [0xFF, 0xFE])))
        #expect(!bad.isValidUTF8)
        #expect(try #require(parse("PRIVMSG a :häß")).isValidUTF8)
    }

    /// Whatever bytes come, nothing traps, and a line with a command gives its parameters back.
    @Test func survivesAnyBytes() {
        var generator = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = Array("@:; =+#\\ab\u{E9}".utf8) + [0, 7, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            guard let message = Message(ByteBuffer(bytes: bytes)) else { continue }
            #expect(!message.verb.text.isEmpty)
            #expect(message.count <= Message.maximumParameters)
            for index in 0..<message.count { #expect(message.bytes(index)?.readableBytes == message.length(index)) }
        }
    }
}

@Suite struct TagSectionTests {
    @Test func escapingIsReversible() {
        let characters = Array("a;\\ \r\nsn:=é")
        for _ in 0..<2000 {
            let text = String((0..<Int.random(in: 0..<12)).map { _ in characters.randomElement() ?? "x" })
            let escaped = TagSection.escape(text)
            #expect(TagSection.unescape(escaped) == text)
            #expect(!escaped.contains { "; \r\n".contains($0) })
        }
    }

    @Test func theLastOfTwoCounts() {
        let tags = TagSection(raw: "+a=1;b=2;+a=3;+c;+")
        #expect(tags.value(of: "+a") == "3")
        #expect(tags.value(of: "+c") == "")
        #expect(tags.value(of: "d") == nil)
        #expect(tags.clientOnly == "+a=3;+c")
    }

    @Test func aLoneBackslashAtTheEndIsDropped() {
        #expect(TagSection.unescape("a\\") == "a")
        #expect(TagSection.unescape("\\b") == "b")
    }
}
