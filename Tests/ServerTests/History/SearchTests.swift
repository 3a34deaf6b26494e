import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Server

@LoopActor @Suite struct SearchTests {
    private static let capabilities = "message-tags batch draft/chathistory soju.im/search"

    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        alice = try await test.logIn("alice", in: "#c", capabilities: Self.capabilities)
        bob = try await test.logIn("bob", in: "#c", capabilities: Self.capabilities)
        await alice.send("PRIVMSG #c :The quick brown fox", "PRIVMSG bob :a secret fox", "PRIVMSG #c :nothing here")
        await bob.send("PRIVMSG #c :a lazy dog and a Fox")
    }

    private func found(_ client: TestClient, _ line: String) async -> [String] {
        await client.ask(line).filter { $0.contains("PRIVMSG") }.map { String($0.split(separator: " :", maxSplits: 2).last ?? "") }
    }

    @Test func wordsAreFoundWhereOneMayRead() async {
        #expect(await found(bob, "SEARCH text=fox;in=#c") == ["The quick brown fox", "a lazy dog and a Fox"])
        #expect(await found(bob, "SEARCH text=fox") == ["The quick brown fox", "a secret fox", "a lazy dog and a Fox"])
        #expect(await found(bob, "SEARCH text=fox\\slazy") == ["a lazy dog and a Fox"])
        #expect(await found(bob, "SEARCH text=fox;from=ALICE;limit=1") == ["a secret fox"])
        #expect(await found(bob, "SEARCH from=bob") == ["a lazy dog and a Fox"])
        #expect(await found(bob, "SEARCH #c :fox quick") == ["The quick brown fox"])
        #expect(await found(bob, "SEARCH in=alice;text=secret") == ["a secret fox"])
    }

    @Test func theAnswerIsABatch() async {
        #expect(await bob.ask("SEARCH text=quick").first?.contains("soju.im/search") == true)
        #expect(await bob.ask("SEARCH #c :quick").first?.contains("freeq.at/search") == true)
    }

    @Test func othersFindNothing() async throws {
        let eve = try await test.logIn("eve", capabilities: Self.capabilities)
        #expect(await found(eve, "SEARCH text=fox").isEmpty)
        #expect(await eve.ask("SEARCH text=fox;in=#c").first?.hasPrefix(":irc.test FAIL SEARCH INVALID_PARAMS in #c :") == true)
        #expect(await found(eve, "SEARCH text=secret;in=bob").isEmpty)
    }

    @Test(arguments: ["SEARCH text=", "SEARCH text=...", "SEARCH text=x;after=yesterday", "SEARCH text=x;limit=none"])
    func nonsenseIsRefused(_ line: String) async {
        #expect(await bob.ask(line).first?.hasPrefix(":irc.test FAIL SEARCH INVALID_PARAMS ") == true)
    }

    @Test func operatorsInTheTextAreWords() async {
        #expect(await found(bob, "SEARCH text=NOT\\sfox").isEmpty)
        #expect(await found(bob, "SEARCH text=\"fox*").count == 3)
    }

    @Test func anEditedMessageIsFoundByItsNewText() async throws {
        await bob.send("CAP REQ :echo-message")
        let id = try ChangeTests.id(await bob.ask("PRIVMSG #c :hippopotamus").first)
        await bob.send("@+draft/edit=\(id) PRIVMSG #c :rhinoceros")
        #expect(await found(alice, "SEARCH text=hippopotamus").isEmpty)
        let line = await alice.ask("SEARCH text=rhinoceros").first { $0.contains("PRIVMSG") }
        #expect(try ChangeTests.id(line) == id)
    }

    @Test func histServSearchesAndPlays() async {
        let said = ServiceDeskTests.said(await bob.ask("HISTSERV SEARCH #c quick fox"), "HistServ")
        #expect(said.first?.hasSuffix("<alice> The quick brown fox") == true && said.last == "1 messages")
        #expect(ServiceDeskTests.said(await bob.ask("HISTSERV PLAY #c 2"), "HistServ").count == 3)
        #expect(ServiceDeskTests.said(await bob.ask("HISTSERV PLAY #no"), "HistServ") == ["There is nothing of #no that you may read"])
    }

    @Test func peopleTakeTheirMessagesAlongAndDeleteThem() async throws {
        let link = try #require(ServiceDeskTests.said(await alice.ask("HISTSERV EXPORT"), "HistServ").first)
        let token = String(try #require(link.split(separator: "=").last))
        let page = try #require(try await test.world.export(token: token, after: 0))
        let text = String(decoding: page.lines, as: UTF8.self)
        #expect(text.contains("The quick brown fox") && text.contains("a secret fox") && !text.contains("lazy dog") && page.next == nil)
        #expect(try await test.world.export(token: "guess", after: 0) == nil)
        test.clock.advance(by: .seconds(3601))
        #expect(try await test.world.export(token: token, after: 0) == nil)

        let code = ServiceDeskTests.said(await alice.ask("HISTSERV FORGET"), "HistServ").last?.split(separator: " ").last ?? ""
        #expect(ServiceDeskTests.said(await alice.ask("HISTSERV FORGET \(code)"), "HistServ").first?.contains("are deleted") == true)
        #expect(await found(bob, "SEARCH text=fox") == ["a lazy dog and a Fox"])
    }

    @Test func exportsAreBounded() {
        var exports = Exports()
        for number in 0...Exports.limit { exports.add("a\(number)", token: "\(number)", at: .seconds(number)) }
        #expect(exports.account("0", at: .seconds(101)) == nil && exports.account("1", at: .seconds(101)) == "a1")
        exports.add("a1", token: "new", at: .seconds(102))
        #expect(exports.account("1", at: .seconds(102)) == nil && exports.account("2", at: .seconds(102)) == "a2")
    }

    @Test func operatorsDeleteAnything() async throws {
        await alice.send("CAP REQ :echo-message")
        let id = try ChangeTests.id(await alice.ask("PRIVMSG bob :bad").first)
        let root = try await test.operate("root")
        #expect(ServiceDeskTests.said(await root.ask("HISTSERV DELETE \(id)"), "HistServ") == ["Deleted"])
        #expect(ServiceDeskTests.said(await root.ask("HISTSERV DELETE \(id)"), "HistServ") == ["There is no such message"])
        #expect(ServiceDeskTests.said(await root.ask("HISTSERV SAFORGET bob"), "HistServ").count == 2)
        #expect(ServiceDeskTests.said(await root.ask("HISTSERV SAEXPORT bob"), "HistServ").first?.contains("/export?token=") == true)
    }
}
