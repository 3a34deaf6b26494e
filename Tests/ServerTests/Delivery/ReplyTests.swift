import IRCProtocol
import MainLoop
import NIOCore
import Testing

@testable import Server

@LoopActor @Suite struct ReplyTests {
    private let capabilities = "labeled-response batch message-tags echo-message"

    @Test func severalLinesAreABatch() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: capabilities)
        let lines = await alice.ask("@label=a\\:b JOIN #c")
        let reference = try #require(lines.first?.split(separator: "+").last?.split(separator: " ").first)
        #expect(lines.first == "@label=a\\:b :irc.test BATCH +\(reference) labeled-response")
        #expect(lines.last == ":irc.test BATCH -\(reference)")
        #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasPrefix("@batch=\(reference) ") || $0.hasPrefix("@batch=\(reference);") })
    }

    @Test func aBatchMayHoldAnother() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: capabilities + " draft/chathistory")
        await alice.send("JOIN #c", "PRIVMSG #c :hi")
        let lines = await alice.ask("@label=x CHATHISTORY LATEST #c * 5")
        #expect(lines.count == 5)
        #expect(lines[0].contains("labeled-response") && lines[1].contains("chathistory #c") && lines[1].hasPrefix("@batch="))
        #expect(lines[2].contains("PRIVMSG"))
    }

    @Test func othersNeverSeeALabel() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", capabilities: capabilities), await test.join("bob", capabilities: "message-tags"))
        await alice.send("@label=x PRIVMSG bob :hi")
        #expect(bob.last?.contains("label") == false)
        #expect(alice.last?.contains("label=x") == true)
    }

    @Test func oneBufferServesAllOfOneShape() {
        var renderer = LineRenderer(
            Line("s", "PRIVMSG", ["#c"], text: "x", tags: LineTags(time: 0, id: "i", account: "a", clientOnly: "+y=1")))
        var tags = CapabilitySet()
        tags.insert(.messageTags)
        #expect(String(buffer: renderer.bytes(for: CapabilitySet())) == ":s PRIVMSG #c :x\r\n")
        #expect(String(buffer: renderer.bytes(for: tags)) == "@msgid=i;+y=1 :s PRIVMSG #c :x\r\n")
        tags.insert(.serverTime)
        tags.insert(.accountTag)
        #expect(String(buffer: renderer.bytes(for: tags)) == "@time=1970-01-01T00:00:00.000Z;account=a;msgid=i;+y=1 :s PRIVMSG #c :x\r\n")
    }

    @Test func allLinesOfATurnAreOneFlush() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        let before = bob.flushes
        alice.sendAtOnce((0..<10).map { "PRIVMSG bob :\($0)" })
        await test.settle()
        #expect(bob.all("PRIVMSG").count == 10)
        #expect(bob.flushes == before + 1)
    }
}
