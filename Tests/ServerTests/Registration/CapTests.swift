import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct CapTests {
    @Test func theListHasEveryCapabilityInOneLineThatFits() async throws {
        let test = try await TestWorld()
        for line in ["CAP LS", "CAP LS 301", "CAP LS 302"] {
            let client = test.connect()
            let answer = await client.ask(line)
            #expect(answer.count == 1 && (answer.first?.utf8.count ?? 0) <= 510, "\(line)")
            let names = answer[0].split(separator: ":", maxSplits: 2)[1].split(separator: " ").map { $0.split(separator: "=")[0] }
            #expect(Set(names.map(String.init)) == Set(Capability.allCases.map(\.name)), "\(line)")
            #expect(answer[0].contains("=") == line.hasSuffix("302"), "\(line)")
        }
    }

    @Test func everyCapabilityCanBeTakenAndGivenUp() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        for capability in Capability.allCases {
            #expect(await client.ask("CAP REQ \(capability.name)") == [":irc.test CAP * ACK :\(capability.name)"])
            #expect(client.session.capabilities.contains(capability))
            #expect(await client.ask("CAP REQ -\(capability.name)") == [":irc.test CAP * ACK :-\(capability.name)"])
            #expect(client.session.capabilities == CapabilitySet())
        }
    }

    @Test func refusalsRepeatTheRequestAndChangeNothing() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP REQ :batch")
        for request in ["foo qux bar baz qux quux", "-batch nonsense", "sasl=x", "SASL"] {
            #expect(await client.ask("CAP REQ :\(request)") == [":irc.test CAP * NAK :\(request)"])
            #expect(client.session.capabilities.all == [.batch])
        }
        #expect(await client.ask("CAP REQ :") == [":irc.test CAP * ACK :"])
        #expect(await client.ask("CAP") == [":irc.test 461 * CAP :Not enough parameters"])
    }

    @Test(arguments: ["CAP LS", "CAP LS 302", "CAP REQ :batch", "CAP REQ :nonsense"])
    func negotiationHoldsTheGreetingBack(_ line: String) async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send(line, "NICK alice", "USER a 0 * :A")
        #expect(client.all("001").isEmpty)
        await client.send("CAP LS", "CAP LIST", "CAP END")
        #expect(client.all("001").count == 1)
    }

    @Test func theListOfOnesOwnHoldsNothingBack() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        #expect(await client.ask("CAP LIST") == [":irc.test CAP * LIST :"])
        #expect(await client.ask("CAP NOTACOMMAND") == [":irc.test 410 * NOTACOMMAND :Invalid CAP command"])
        await client.send("NICK alice", "USER a 0 * :A")
        #expect(client.all("001").count == 1)
    }

    @Test func capabilitiesMayChangeLaterAndCountAtOnce() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        #expect(await alice.ask("CAP REQ server-time") == [":irc.test CAP alice ACK :server-time"])
        await bob.send("PRIVMSG alice :x")
        #expect(alice.last?.hasPrefix("@time=2026-01-01T00:00:00.000Z :") == true)
        await alice.send("CAP REQ -server-time")
        await bob.send("PRIVMSG alice :x")
        #expect(alice.last?.hasPrefix(":bob!") == true)
        #expect(await alice.ask("CAP END").isEmpty)
    }
}
