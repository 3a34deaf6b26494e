import Accounts
import Foundation
import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct CapTests {
    private func names(_ lines: [String]) -> [String] {
        lines.flatMap { $0.split(separator: ":", maxSplits: 2)[1].split(separator: " ").map { String($0.prefix { $0 != "=" }) } }
    }

    @Test func theListHasEveryCapabilityInLinesThatFit() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        let answer = await client.ask("CAP LS 302")
        #expect(!answer.isEmpty && answer.allSatisfy { $0.utf8.count <= 510 })
        #expect(answer.map { $0.hasPrefix(":irc.test CAP * LS * :") } == Array(repeating: true, count: answer.count - 1) + [false])
        #expect(names(answer.reversed()) == Capability.allCases.map(\.name))
        // For clients that read only the last line.
        #expect(names([answer.last ?? ""]).contains("sasl"))
        #expect(answer.joined().contains("draft/multiline=max-bytes=4096,max-lines=100"))
    }

    @Test(arguments: ["CAP LS", "CAP LS 301"])
    func oldClientsGetWhatFitsIntoOneLine(_ line: String) async throws {
        let test = try await TestWorld()
        let answer = await test.connect().ask(line)
        #expect(answer.count == 1 && answer[0].utf8.count <= 510 && !answer[0].contains("="))
        #expect(names(answer) == Capability.allCases.prefix(names(answer).count).map(\.name))
        #expect(names(answer).contains("sasl") && names(answer).contains("standard-replies"))
    }

    @Test func aWebSocketClientOfOldGetsEachAnswerInOneLine() async throws {
        let test = try await TestWorld()
        let client = test.connectByWebSocket()
        #expect(names(await client.ask("CAP LS 302")) == Capability.allCases.map(\.name))
        #expect(client.lines.count == 1)
        let wanted = Capability.allCases.map(\.name).joined(separator: " ")
        #expect(await client.ask("CAP REQ :\(wanted)") == [":irc.test CAP * ACK :\(wanted)"])
    }

    /// Clients that take each line of the list for the whole ask twice, and end the negotiation with the first answer that has no
    /// sasl in it (the SDK of freeq over TCP): their login comes after the greeting then, and counts all the same.
    @Test func whoTakesEachLineForTheWholeIsLoggedInAfterwards() async throws {
        let test = try await TestWorld()
        try await test.addAccount("alice", password: "secret")
        let client = test.connect()
        await client.send("CAP LS 302", "NICK alice", "USER a 0 * :A")
        let wanted = ["message-tags", "batch", "draft/chathistory", "draft/multiline", "draft/read-marker", "sasl"]
        for line in client.all("CAP") {
            await client.send("CAP REQ :" + wanted.filter(names([line]).contains).joined(separator: " "))
        }
        for line in client.lines.filter({ $0.contains(" ACK ") }) {
            await client.send(line.contains("sasl") ? "AUTHENTICATE PLAIN" : "CAP END")
        }
        await client.send("AUTHENTICATE \(Data("\0alice\0secret".utf8).base64EncodedString())")
        #expect(client.all("903").count == 1 && client.client.identity?.account == "alice" && client.session.isRegistered)
    }

    /// An ACK is longer than the request that it repeats.
    @Test func longAnswersAreSplit() async throws {
        let test = try await TestWorld { $0.name = String(repeating: "s", count: 63) }
        let client = test.connect()
        let wanted = Array(repeating: "labeled-response", count: 29)
        let answer = await client.ask("CAP REQ :" + wanted.joined(separator: " "))
        #expect(answer.count == 2 && answer.allSatisfy { $0.utf8.count <= 510 } && names(answer) == wanted)
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
