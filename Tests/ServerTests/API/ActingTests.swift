import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// What programs do on the server.
@LoopActor @Suite struct APIActingTests {
    private func token(_ scopes: Set<APIScope> = [.messagesSend], channels: Set<String>? = nil) -> APIToken {
        APIToken(name: "news", scopes: scopes, channels: channels, createdAt: 0)
    }

    private func refusal(_ body: () throws(ProgramRefusal) -> Void) -> ProgramRefusal? {
        do throws(ProgramRefusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private let reads = APIToken(name: "reader", scopes: [.messagesRead], createdAt: 0)

    @Test func whatAProgramSaysIsHeardAndKept() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#c", capabilities: "message-tags draft/relaymsg")
        let said = try test.world.say("hello", isNotice: false, in: "c", by: token())
        await test.settle()
        let line = try #require(ann.lines.first { $0.contains("PRIVMSG") })
        #expect(line.contains(":news/api!api@irc.test PRIVMSG #c :hello") && line.contains("msgid=\(said.id)"))
        #expect(line.contains("draft/relaymsg=news"))
        let kept = try await test.world.messageViews(of: "#c", .newest, limit: 5, for: reads)
        #expect(kept?.items.map(\.id) == [said.id] && kept?.items.map(\.nick) == ["news/api"])
    }

    @Test func modesAndBansCount() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#c")
        func speak(_ text: String = "hi", isNotice: Bool = false, as scopes: Set<APIScope> = [.messagesSend]) -> ProgramRefusal? {
            refusal { () throws(ProgramRefusal) in _ = try test.world.say(text, isNotice: isNotice, in: "#c", by: token(scopes)) }
        }
        #expect(speak() == nil && speak(isNotice: true) == nil)
        let runs: Set<APIScope> = [.messagesSend, .channelsAdmin]
        for mode in ["m", "M", "b news/api!*@*", "b *!*@irc.test"] {
            await ann.send("MODE #c +\(mode)")
            guard case .refused? = speak() else {
                Issue.record("+\(mode) did not count")
                continue
            }
            #expect(speak(as: runs) == nil, "+\(mode)")
            await ann.send("MODE #c -\(mode)")
            #expect(speak() == nil, "-\(mode)")
        }
        await ann.send("MODE #c +T")
        if case .refused? = speak(isNotice: true) {} else { Issue.record("+T did not count") }
        #expect(speak() == nil)
        await ann.send("MODE #c -T+C")
        if case .refused? = speak("\u{1}VERSION\u{1}", as: runs) {} else { Issue.record("+C did not count") }
        await ann.send("MODE #c -C+b *!*@*", "MODE #c +e news/api!*@*")
        #expect(speak() == nil)
    }

    @Test func aTokenSpeaksWhereItMay() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#a")
        await ann.send("JOIN #b")
        #expect(
            refusal { () throws(ProgramRefusal) in
                _ = try test.world.say("x", isNotice: false, in: "#b", by: token(channels: ["#a"]))
            } == .noSuchChannel)
        #expect(
            refusal { () throws(ProgramRefusal) in
                _ = try test.world.say("x", isNotice: false, in: "#a", by: token([.channelsAdmin]))
            } == .noSuchChannel)
        for text in ["", "a\nb", "a\rb", "a\0b", String(repeating: "x", count: World.programTextLimit + 1)] {
            guard
                case .senseless? = refusal({ () throws(ProgramRefusal) in
                    _ = try test.world.say(text, isNotice: false, in: "#a", by: token())
                })
            else {
                Issue.record("said \(text.prefix(5))")
                continue
            }
        }
        #expect(
            refusal { () throws(ProgramRefusal) in
                _ = try test.world.say(String(repeating: "x", count: World.programTextLimit), isNotice: false, in: "#a", by: token())
            } == nil)
    }

    @Test func programsArePaced() async throws {
        let test = try await TestWorld { $0.limits.floodControl = true }
        _ = await test.join("ann", in: "#c")
        var said = 0
        for _ in 0..<1000 {
            guard
                refusal({ () throws(ProgramRefusal) in
                    _ = try test.world.say("x", isNotice: false, in: "#c", by: token())
                }) == nil
            else { break }
            said += 1
        }
        #expect(said == test.world.configuration.limits.floodBurst)
        let other = APIToken(name: "other", scopes: [.messagesSend], createdAt: 0)
        #expect(refusal { () throws(ProgramRefusal) in _ = try test.world.say("x", isNotice: false, in: "#c", by: other) } == nil)
        test.clock.advance(by: .seconds(2))
        #expect(refusal { () throws(ProgramRefusal) in _ = try test.world.say("x", isNotice: false, in: "#c", by: token()) } == nil)
        for number in 0..<ProgramPaces.limit * 2 {
            _ = test.world.programPaces.pay(1, for: "t\(number)", test.world.configuration.limits, at: .zero)
        }
        #expect(test.world.programPaces.count <= ProgramPaces.limit)
    }

    @Test func topicsAndKicks() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#c")
        let bob = await test.join("bob", in: "#c")
        let runs = token([.channelsAdmin])
        #expect(try test.world.setTopic("new", of: "#c", by: runs).topic?.text == "new")
        await test.settle()
        #expect(ann.lines.contains { $0.hasSuffix(":news/api!api@irc.test TOPIC #c new") || $0.hasSuffix("TOPIC #c :new") })
        #expect(try test.world.setTopic("", of: "#c", by: runs).topic == nil)
        try test.world.kick("bob", from: "#c", reason: "spam", by: runs)
        await test.settle()
        #expect(bob.lines.contains { $0.contains("KICK #c bob :spam") || $0.contains("KICK #c bob spam") })
        #expect(test.world.memberViews(of: "#c", PageRequest(), for: token([.channelsRead]))?.items.map(\.nick) == ["ann"])
        #expect(refusal { () throws(ProgramRefusal) in try test.world.kick("bob", from: "#c", reason: nil, by: runs) } == .notInside)
        #expect(refusal { () throws(ProgramRefusal) in try test.world.kick("ann", from: "#c", reason: nil, by: token()) } == .noSuchChannel)
        let noted = try await test.world.auditViews(limit: 5, before: nil).items
        #expect(noted.map(\.action) == ["channel.kick", "channel.topic", "channel.topic"])
        #expect(noted.allSatisfy { $0.actor == "token news" } && noted[0].reason == "spam")
    }

    @Test func aProgramDisconnectsSomebody() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#c")
        let bob = await test.join("bob", in: "#c")
        try test.world.disconnect("BOB", reason: "spam", by: token([.serverAdmin]))
        await test.settle()
        #expect(bob.lines.contains { $0.contains("KILL bob") } && ann.lines.contains { $0.contains("QUIT :Killed (news (spam))") })
        #expect(refusal { () throws(ProgramRefusal) in try test.world.disconnect("bob", reason: nil, by: token()) } == .noSuchPerson)
        let noted = try await test.world.auditViews(limit: 5, before: nil).items
        #expect(noted.map(\.action) == ["operator.kill"] && noted[0].target.hasPrefix("bob!") && noted[0].actor == "token news")
    }

    /// Who is sure needs no code; everybody else still does.
    @Test func aPurgeOfAProgramNeedsNoCode() async throws {
        let test = try await TestWorld()
        _ = await test.join("ann", in: "#c")
        let caller = Caller.administrator("token news")
        #expect(try await test.world.command("chanserv", "PURGE ADD #c spam", by: caller).isRefusal)
        #expect(test.world.channels["#c"] != nil)
        #expect(try await !test.world.command("chanserv", "PURGE ADD #c spam and more", by: caller, isSure: true).isRefusal)
        #expect(test.world.channels["#c"] == nil && test.world.purges["#c"]?.reason == "spam and more")
        #expect(test.world.closableChannel("c", for: token([.channelsAdmin])) == "#c")
        #expect(test.world.closableChannel("c", for: token([.channelsAdmin], channels: ["#d"])) == nil)
        #expect(test.world.closableChannel("a b", for: token([.channelsAdmin])) == nil)
    }
}
