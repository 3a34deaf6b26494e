import Accounts
import IRCProtocol
import MainLoop
import NIOCore
import RoostTesting
import Testing

@testable import Server

/// Lines that are longer than others can take: from WebSocket clients without a subprotocol (`LINELEN`).
@LoopActor @Suite struct LongLineTests {
    private let test: TestWorld
    /// Over WebSockets, with long lines: wes speaks.
    private let (wes, win): (TestClient, TestClient)
    /// Over TCP: bob takes batches, carol does not.
    private let (bob, carol): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld { $0.limits.multilineBytes = 20_000 }
        var clients: [TestClient] = []
        for nick in ["wes", "win"] {
            let client = test.connectByWebSocket()
            await client.send(
                "CAP REQ :message-tags batch draft/multiline echo-message", "NICK \(nick)", "USER \(nick) 0 * :W", "CAP END", "JOIN #c")
            clients.append(client)
        }
        (wes, win) = (clients[0], clients[1])
        bob = await test.join("bob", in: "#c", capabilities: "message-tags batch draft/multiline draft/chathistory")
        carol = await test.join("carol", in: "#c", capabilities: "message-tags")
        for client in [wes, win, bob, carol] { client.clear() }
    }

    private static let text = String(repeating: "wörter und ", count: 530) + "!"

    /// What follows the target in lines of `verb`.
    private func texts(_ client: TestClient, _ verb: String = "PRIVMSG") -> [String] {
        client.all(verb).map { String($0.split(separator: " :", maxSplits: 1)[1]) }
    }

    @Test func eachIsToldItsOwnLimit() async {
        #expect(await wes.ask("ISUPPORT").contains { $0.contains(" LINELEN=8192 ") })
        #expect(await bob.ask("ISUPPORT").contains { $0.contains(" LINELEN=512 ") })
    }

    @Test func nothingOfALongMessageIsLost() async throws {
        await wes.send("@+x=y PRIVMSG #c :\(Self.text)")
        // One line for those who take it, the speaker too.
        #expect(texts(wes) == [Self.text] && win.lines == wes.lines)
        // A batch whose lines are one text.
        let id = try #require(bob.lines.first?.split(separator: ";").first?.split(separator: "=").last)
        #expect(bob.lines.first == "@msgid=\(id);+x=y :\(wes.client.source) BATCH +\(id) draft/multiline #c")
        #expect(texts(bob).joined() == Self.text && bob.lines.count == texts(bob).count + 2)
        let inner = bob.lines.dropFirst().dropLast()
        #expect(inner.first?.hasPrefix("@batch=\(id) :") == true)
        #expect(inner.dropFirst().allSatisfy { $0.hasPrefix("@batch=\(id);draft/multiline-concat :") })
        // Lines for the others, the first with the id.
        #expect(texts(carol).joined() == Self.text && carol.lines.count == texts(bob).count)
        #expect(carol.lines.first?.hasPrefix("@msgid=\(id);+x=y :") == true)
        #expect(carol.lines.dropFirst().allSatisfy { $0.hasPrefix("@+x=y :") })
        for line in bob.all("PRIVMSG") + carol.all("PRIVMSG") { #expect(line.utf8.count <= 510) }
    }

    @Test func aPersonGetsItAllToo() async {
        await wes.send("NOTICE carol :\(Self.text)", "NOTICE win :\(Self.text)")
        #expect(texts(carol, "NOTICE").joined() == Self.text && texts(win, "NOTICE") == [Self.text])
    }

    @Test func historyKeepsItWhole() async {
        await wes.send("PRIVMSG #c :\(Self.text)", "CAP REQ draft/chathistory")
        #expect(await bob.ask("CHATHISTORY LATEST #c * 5").count { $0.contains(" PRIVMSG ") } > 10)
        #expect(texts(bob).joined() == Self.text)
        _ = await wes.ask("CHATHISTORY LATEST #c * 5")
        #expect(texts(wes) == [Self.text])
    }

    @Test func longLinesOfABatchAreSplitForTheOthers() async {
        await wes.send(
            "BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :short", "@batch=1 PRIVMSG #c :\(Self.text)",
            "@batch=1;draft/multiline-concat PRIVMSG #c :\(Self.text)", "BATCH -1")
        #expect(texts(win) == ["short", Self.text, Self.text])
        #expect(texts(carol).joined() == "short" + Self.text + Self.text)
        #expect(bob.all("PRIVMSG").count == carol.lines.count)
        // Only what begins a line continues nothing.
        #expect(bob.lines.count { $0.contains(" PRIVMSG ") && !$0.contains("multiline-concat") } == 2)
    }

    /// What fits into a line of TCP may be too much together with the source that the server puts before it. Whoever has only such
    /// lines knows that; whoever has longer ones does not think of it.
    @Test func aFullLineIsCutOnlyWhereItsSenderHasNoLongerOne() async {
        let text = String(repeating: "x", count: 510 - "PRIVMSG #c :".utf8.count)
        await bob.send("PRIVMSG #c :\(text)")
        #expect(texts(carol).count == 1 && texts(carol)[0].utf8.count < text.utf8.count)
        carol.clear()
        await wes.send("PRIVMSG #c :\(text)")
        #expect(texts(carol).count == 2 && texts(carol).joined() == text)
    }

    @Test func anActionIsOneInEachOfItsLines() async {
        await wes.send("PRIVMSG #c :\u{1}ACTION \(Self.text)\u{1}")
        #expect(texts(win) == ["\u{1}ACTION \(Self.text)\u{1}"] && texts(bob).joined() == texts(win)[0])
        let pieces = texts(carol)
        #expect(pieces.count > 10 && pieces.allSatisfy { $0.hasPrefix("\u{1}ACTION ") && $0.hasSuffix("\u{1}") })
        #expect(pieces.map { $0.dropFirst(8).dropLast() }.joined() == Self.text)
        for line in carol.all("PRIVMSG") { #expect(line.utf8.count <= 510) }
    }

    /// Other requests between clients mean nothing in pieces.
    @Test func otherRequestsAreOneLine() async {
        await wes.send("PRIVMSG carol :\u{1}PING \(Self.text)\u{1}")
        #expect(texts(carol).count == 1 && carol.all("PRIVMSG")[0].utf8.count <= 510)
    }

    @Test func longerStillIsRefused() async {
        let room = Line.longLength - 2 - "PRIVMSG #c :".utf8.count
        await wes.send("PRIVMSG #c :" + String(repeating: "x", count: room))
        for client in [wes, carol] { #expect(texts(client).joined().utf8.count == room) }
        #expect(await wes.ask("PRIVMSG #c :" + String(repeating: "x", count: room + 1)) == [":irc.test 417 wes :Input line was too long"])
        #expect(await bob.ask("PRIVMSG #c :" + String(repeating: "x", count: 499)) == [":irc.test 417 bob :Input line was too long"])
    }

    /// A message of 6 KiB costs as much as a batch, another command as much as the lines it could have been.
    @Test(arguments: [("PRIVMSG #c :", "x", 6200, 4), ("JOIN ", "#c,", 340, 6)])
    func longLinesAreNotCheaper(_ start: String, _ more: String, _ count: Int, _ price: Int) async throws {
        let test = try await TestWorld {
            $0.limits.floodControl = true
            ($0.limits.floodBurst, $0.limits.floodRate) = (20, 1)
        }
        let wes = test.connectByWebSocket()
        await wes.send("NICK wes", "USER w 0 * :W", "JOIN #c")
        test.clock.advance(by: .seconds(60))
        await wes.send(start + String(repeating: more, count: count))
        wes.clear()
        wes.sendAtOnce((0..<40).map { "PING \($0)" })
        await test.settle()
        #expect(wes.lines.count == 20 - price)
    }
}
