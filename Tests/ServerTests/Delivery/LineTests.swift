import IRCProtocol
import NIOCore
import Testing

@testable import Server

@Suite struct LineTests {
    private func text(_ line: Line) -> String { String(buffer: line.body) }

    @Test func theShapesOfALine() {
        #expect(text(Line("s", "X")) == ":s X\r\n")
        #expect(text(Line("", "PING", ["a"])) == "PING a\r\n")
        #expect(text(Line("s", "X", ["a", "b"], text: "")) == ":s X a b :\r\n")
        #expect(text(Line("s", "X", text: "a b")) == ":s X :a b\r\n")
        #expect(text(Line("s", "X", ["#c"], bytes: ByteBuffer(string: "hé"), tags: LineTags())) == ":s X #c :hé\r\n")
    }

    /// Whatever the length, a line ends before the 513th byte and never in the middle of a character.
    @Test(arguments: ["x", "é", "漢", "🪺", "a🪺é"])
    func cutsAtACharacter(_ piece: String) throws {
        for shift in 0..<8 {
            let long = String(repeating: "y", count: shift) + String(repeating: piece, count: 600)
            for line in [Line("s", "X", ["#c"], text: long), Line("s", "X", ["#c"], bytes: ByteBuffer(string: long), tags: LineTags())] {
                let bytes = Array(line.body.readableBytesView)
                #expect(bytes.count <= Line.maximumLength && bytes.count > Line.maximumLength - 4)
                let text = try #require(String(validating: bytes, as: UTF8.self))
                #expect(text.hasSuffix("\r\n") && (":s X #c :" + long).hasPrefix(text.dropLast()))
            }
        }
    }

    @Test func whatFitsExactlyIsNotCut() {
        let room = Line.maximumLength - ":s X :\r\n".utf8.count
        #expect(Line("s", "X", text: String(repeating: "x", count: room)).body.readableBytes == 512)
        #expect(text(Line("s", "X", text: String(repeating: "x", count: room - 1) + "é")).hasSuffix("xx\r\n"))
    }

    @Test func parametersAreCutToo() {
        let line = Line("s", "X", Array(repeating: String(repeating: "é", count: 20), count: 30))
        #expect(line.body.readableBytes <= 512 && text(line).hasSuffix("\r\n"))
    }
}

@Suite struct LineRendererTests {
    private static let seen: [Capability] = [.serverTime, .accountTag, .messageTags]

    /// Sharing a buffer never gives anybody another one's tags.
    @Test(arguments: [
        LineTags(), LineTags(time: 0), LineTags(id: "i"), LineTags(account: "a"), LineTags(clientOnly: "+y=1"),
        LineTags(time: 1, id: "i", account: "a b;c", clientOnly: "+y=1;+z"),
    ])
    func everyShapeIsWhatItsTagsSay(_ tags: LineTags) {
        let line = Line("s", "PRIVMSG", ["#c"], text: "x", tags: tags)
        var renderer = LineRenderer(line)
        for round in 0..<2 {
            for bits in 0..<16 {
                var capabilities = CapabilitySet()
                for (index, capability) in (Self.seen + [.batch]).enumerated() where bits & 1 << index != 0 {
                    capabilities.insert(capability)
                }
                let expected = tags.section(for: capabilities) + ":s PRIVMSG #c :x\r\n"
                let bytes = renderer.bytes(for: capabilities)
                #expect(String(buffer: bytes) == expected, "round \(round)")
            }
        }
    }

    @Test func tagsAreEscapedAndInOrder() {
        var tags = LineTags(time: 0, id: "i", account: "a;b c", clientOnly: "+y=1")
        (tags.batch, tags.label) = ("7", "l;l")
        var capabilities = CapabilitySet()
        #expect(tags.section(for: capabilities) == "@batch=7;label=l\\:l ")
        for capability in Self.seen { capabilities.insert(capability) }
        let all = "@batch=7;label=l\\:l;time=1970-01-01T00:00:00.000Z;account=a\\:b\\sc;msgid=i;+y=1 "
        #expect(tags.section(for: capabilities) == all)
        #expect(LineTags(clientOnly: "+y").section(for: capabilities) == "@+y ")
        #expect(LineTags().section(for: capabilities).isEmpty)
    }
}
