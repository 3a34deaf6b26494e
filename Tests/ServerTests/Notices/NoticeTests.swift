import Foundation
import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// Operators are told of what they want to know, and of nothing else.
@LoopActor @Suite struct NoticeTests {
    private func told(_ client: TestClient) -> [String] {
        client.all("NOTICE").compactMap { line in line.range(of: " :*** ").map { String(line[$0.upperBound...]) } }
    }

    @Test func operatorsBeginWithBansAndTheServer() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        #expect(root.client.notices == NoticeMask([.bans, .server]))
        #expect(await root.ask("MODE root").first?.hasSuffix("s") == true)
        await test.join("bob").disconnect()
        _ = try await test.administer("os", "BAN ADD 198.51.100.7 spam")
        #expect(told(root).count == 1 && told(root)[0].hasPrefix("a test adds "))
    }

    @Test func theMaskIsChangedByLettersAndWords() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        let answer = { (mask: String) in ":irc.test 008 root \(mask) :Server notice mask" }
        #expect(await root.ask("MODE root +s +ck-x").last == answer("+cks"))
        #expect(await root.ask("MODE root +s kills,quits").last == answer("+ckqs"))
        #expect(await root.ask("MODE root -s kills").last == answer("+cqs"))
        #expect(
            await root.ask("MODE root +s zc!").first == ":irc.test NOTICE root :There are no notices z!; MODE root +s * shows all there are"
        )
        #expect(await root.ask("MODE root -s") == [answer("+"), ":\(root.client.source) MODE root :-s"])
        #expect(root.client.notices.isEmpty && test.world.noticeReaders.isEmpty)
        #expect(await root.ask("MODE root +s").contains(answer("+sx")))
        await root.send("MODE root +s *")
        #expect(root.client.notices.kinds == NoticeKind.allCases)
    }

    @Test func onlyOperatorsWithThePrivilegeAreTold() async throws {
        let test = try await TestWorld { configuration in
            configuration.operators.classes = ["a": .init(name: "a", privileges: [.kill])]
            configuration.operators.assign("a", to: "root")
        }
        let (root, ann) = (try await test.operate("root"), await test.join("ann"))
        #expect(await ann.ask("MODE ann +s *").isEmpty && ann.client.notices.isEmpty)
        #expect(await root.ask("MODE root +s *") == [":irc.test 723 root snomasks :Insufficient oper privileges"])
        #expect(root.client.notices.isEmpty)
    }

    @Test func aReloadThatTakesThePrivilegeEndsThem() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        await root.send("MODE root +s c")
        var configuration = test.world.configuration
        configuration.operators.classes = ["a": .init(name: "a", privileges: [])]
        configuration.operators.defaultClass = "a"
        test.world.reconfigure(configuration)
        root.clear()
        _ = await test.join("bob")
        #expect(told(root).isEmpty)
    }

    @Test func whoIsNoOperatorAnyMoreIsToldNothing() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        await root.send("MODE root +s c")
        #expect(await root.ask("MODE root -o") == [":\(root.client.source) MODE root :-so"])
        _ = await test.join("bob")
        #expect(told(root).isEmpty && test.world.noticeReaders.isEmpty)
        await root.send("OPER root secret")
        root.disconnect()
        #expect(test.world.noticeReaders.isEmpty)
    }

    typealias Happening = @LoopActor @Sendable (TestWorld, TestClient, TestClient) async throws -> Void

    /// Something that is told, and how that begins.
    private nonisolated static let happenings: [(kind: NoticeKind, start: String, happen: Happening)] = [
        (.connects, "new!~new@", { test, _, _ in _ = await test.join("new") }),
        (.quits, "bob!~bob@", { _, bob, _ in bob.disconnect() }),
        (.nicks, "bob is now robert!~bob@", { _, bob, _ in await bob.send("NICK robert") }),
        (.kills, "admin!~admin@", { _, _, admin in await admin.send("KILL bob :spam") }),
        (.opers, "bob!~bob@", { _, bob, _ in await bob.send("OPER root wrong") }),
        (.accounts, "bob!~bob@", { _, bob, _ in await bob.send("REGISTER * * long-enough-secret") }),
        (.bans, "admin!~admin@", { _, _, admin in await admin.send("KLINE 198.51.100.7 :spam") }),
        (.server, "admin!~admin@", { _, _, admin in await admin.send("DEFCON 4 :attack") }),
        (.blocks, "Too many connections from 192.0.2.1", { test, _, _ in for _ in 0..<20 { _ = test.connect() } }),
        (
            .flood, "bob!~bob@",
            { test, bob, _ in
                test.world.doom(bob.session, .receiveQueue)
                await test.settle()
            }
        ),
        (
            .messages, "Filter 1 (*money*) catches bob!~bob@",
            { _, bob, admin in
                await admin.send("OS FILTER ADD WARN *money*")
                await bob.send("PRIVMSG root :free money")
            }
        ),
        (
            .channels, "admin!~admin@",
            { _, _, admin in
                await admin.send("CS PURGE ADD #x spam")
                let code = admin.lines.last?.split(separator: " ").last ?? ""
                await admin.send("CS PURGE ADD #x spam \(code)")
            }
        ),
    ]

    /// Who has the letter is told, who has all others is not.
    @Test(arguments: happenings.indices) func everyKindIsToldToThoseWhoWantIt(_ index: Int) async throws {
        let (kind, start, happen) = Self.happenings[index]
        let test = try await TestWorld { $0.limits.connectionsPerAddress = 10 }
        let (reader, other, admin) = (try await test.operate("root"), try await test.operate("root2"), try await test.operate("admin"))
        let bob = await test.join("bob")
        await reader.send("MODE root -s", "MODE root +s \(kind.letter)")
        await other.send("MODE root2 +s *-\(kind.letter)")
        await admin.send("MODE admin -s")
        for client in [reader, other] { client.clear() }
        try await happen(test, bob, admin)
        await test.settle()
        #expect(told(reader).contains { $0.hasPrefix(start) }, "\(kind): \(told(reader))")
        #expect(Set(told(other)).isDisjoint(with: told(reader)), "\(kind): \(told(other))")
    }

    @Test func everyKindIsOfSomeEvent() {
        #expect(Set(ServerEvent.allCases.map(\.kind)) == Set(NoticeKind.allCases))
        #expect(Set(Self.happenings.map(\.kind)) == Set(NoticeKind.allCases))
    }

    @Test func programsReadTheTag() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root", capabilities: "message-tags")
        let plain = try await test.operate("plain")
        await root.send("MODE root +s k")
        await plain.send("MODE plain +s k")
        for client in [root, plain] { client.clear() }
        _ = await test.join("bob")
        await plain.send("KILL bob :a; b \\ c")
        let tag = try #require(root.lines.first { $0.contains("*** ") }?.split(separator: " ").first)
        #expect(tag.hasPrefix("@roost.chat/event="))
        let value = tag.dropFirst("@roost.chat/event=".count).replacing("\\:", with: ";").replacing("\\s", with: " ")
            .replacing("\\\\", with: "\\")
        let fields = try JSONDecoder().decode([String: String].self, from: Data(value.utf8))
        #expect(fields["event"] == "operator.kill" && fields["reason"] == "a; b \\ c")
        #expect(fields["by"]?.hasPrefix("plain!") == true && fields["target"]?.hasPrefix("bob!") == true)
        #expect(plain.lines.allSatisfy { !$0.contains("roost.chat/event") })
    }

    /// An attack does not hide what else happens: each kind has its own limit, and what is left out is counted.
    @Test func tooManyAreCountedInOneLine() async throws {
        let test = try await TestWorld { $0.limits.connectionsPerAddress = .max }
        let root = try await test.operate("root")
        await root.send("MODE root +s cn")
        root.clear()
        var last: TestClient?
        for number in 0..<50 { last = await test.join("bot\(number)") }
        #expect(told(root).count == NoticeBudget.limit)
        await last?.send("NICK other")
        #expect(told(root).count == NoticeBudget.limit + 1)
        root.clear()
        await test.advance(seconds: 1)
        #expect(told(root) == ["40 more: people who connect"])
        root.clear()
        _ = await test.join("late")
        await test.advance(seconds: 1)
        #expect(told(root).count == 1)
    }

    @Test func aTagIsBounded() {
        let long = String(repeating: "x", count: 5000)
        let text = NoticeFields("a.b", Dictionary(uniqueKeysWithValues: (0..<100).map { ("key\($0)", long) })).text
        #expect(text.utf8.count < 2200)
    }
}
