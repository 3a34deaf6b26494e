import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// The reply collector by itself.
@LoopActor @Suite struct BatchTests {
    private func collect(_ capabilities: String, label: String?, _ body: (Reply) -> Void) async throws -> [String] {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: capabilities)
        let reply = Reply(to: alice.session, label: label)
        body(reply)
        reply.finish()
        reply.finish()
        await test.settle()
        return alice.lines
    }

    private func line(_ text: String) -> Line { Line("s", "X", text: text) }

    @Test func withoutALabelLinesGoOutAsTheyCome() async throws {
        #expect(try await collect("", label: nil) { $0.add(line("a")) } == [":s X :a"])
        #expect(try await collect("", label: nil) { _ in } == [])
    }

    @Test func aBatchWrapsItsLines() async throws {
        let lines = try await collect("batch", label: nil) { reply in
            reply.add(line("before"))
            reply.batch("chathistory", ["#c"]) { reply.add(line("in")) }
            reply.add(line("after"))
        }
        #expect(
            lines == [
                ":s X :before", ":irc.test BATCH +1 chathistory #c", "@batch=1 :s X :in", ":irc.test BATCH -1", ":s X :after",
            ])
    }

    @Test func whoDoesNotKnowBatchesGetsTheLinesAlone() async throws {
        let lines = try await collect("server-time", label: nil) { reply in
            reply.batch("chathistory", ["#c"]) { reply.add(line("in")) }
        }
        #expect(lines == [":s X :in"])
    }

    @Test func anInnerBatchBelongsToTheOuterOne() async throws {
        let lines = try await collect("batch labeled-response", label: "l") { reply in
            reply.batch("outer") {
                reply.add(line("a"))
                reply.batch("inner") { reply.add(line("b")) }
                reply.add(line("c"))
            }
        }
        #expect(
            lines == [
                "@label=l :irc.test BATCH +3 labeled-response",
                "@batch=3 :irc.test BATCH +1 outer",
                "@batch=1 :s X :a",
                "@batch=1 :irc.test BATCH +2 inner",
                "@batch=2 :s X :b",
                "@batch=1 :irc.test BATCH -2",
                "@batch=1 :s X :c",
                "@batch=3 :irc.test BATCH -1",
                ":irc.test BATCH -3",
            ])
    }

    @Test func oneLineHasTheLabelItselfAndNoneIsAcknowledged() async throws {
        let capabilities = "batch labeled-response"
        #expect(try await collect(capabilities, label: "l") { $0.add(line("a")) } == ["@label=l :s X :a"])
        #expect(try await collect(capabilities, label: "l") { _ in } == ["@label=l :irc.test ACK"])
    }

    @Test func labelsThatAreNoneAreIgnored() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "batch labeled-response")
        let bob = await test.join("bob")
        #expect(await alice.ask("@label= PING x") == [":irc.test PONG irc.test :x"])
        #expect(await alice.ask("@label=\(String(repeating: "l", count: 65)) PING x") == [":irc.test PONG irc.test :x"])
        #expect(await alice.ask("@label=\(String(repeating: "l", count: 64)) PING x").first?.hasPrefix("@label=") == true)
        #expect(await bob.ask("@label=x PING x") == [":irc.test PONG irc.test :x"])
    }

    /// A command that is refused before it runs is answered with its label as well.
    @Test(arguments: ["NONSENSE", "JOIN", "KILL a", "USER a b c :d", "WHOIS nobody nobody"])
    func refusalsCarryTheLabel(_ command: String) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "batch labeled-response")
        let lines = await alice.ask("@label=x \(command)")
        #expect(lines.filter { $0.hasPrefix("@label=x ") }.count == 1 && lines.first?.hasPrefix("@label=x ") == true)
    }

    @Test(arguments: ["PRIVMSG alice :hi", "NOTICE alice :hi", "TAGMSG alice"])
    func oneOfTwoToOneselfIsTheAnswer(_ command: String) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "batch labeled-response message-tags echo-message")
        let lines = await alice.ask("@label=x;+y=1 \(command)")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasSuffix(command) })
        #expect(lines.map { $0.hasPrefix("@label=x;") } == [false, true])
    }

    /// What others cause while a command waits does not become a part of its answer.
    @Test func onlyTheAnswerIsLabelled() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", capabilities: "batch labeled-response"), await test.join("bob"))
        alice.sendAtOnce(["@label=x OPER a b"])
        bob.sendAtOnce(["PRIVMSG alice :meanwhile"])
        await test.settle()
        #expect(alice.lines.filter { $0.hasSuffix("PRIVMSG alice :meanwhile") } == [":\(bob.client.source) PRIVMSG alice :meanwhile"])
        #expect(alice.lines.filter { $0.hasPrefix("@label=x :irc.test 464 ") }.count == 1)
    }
}
