import ATProto
import Accounts
import IRCProtocol
import MainLoop
import RoostTesting
import Testing

@testable import Server

@LoopActor @Suite struct WhoisTests {
    private func numerics(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] } }

    @Test func tellsAllThatThereIsToTell() async throws {
        let test = try await TestWorld { $0.description = "A test" }
        let fingerprint = String(repeating: "ab", count: 32)
        let alice = TestClient(
            in: test,
            peer: Peer(address: "192.0.2.1", port: 1, isSecure: true, transport: .tls, certificateFingerprint: fingerprint))
        await alice.send("NICK alice", "USER al 0 * :Alice A", "JOIN #c", "AWAY :lunch")
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        test.world.logIn(
            alice.session, as: Identity(account: did.text, did: did, handle: Handle("alice.example.com"), isOperator: true))
        test.clock.advance(by: .seconds(65))
        await alice.send("PING x")
        let (bob, host) = (await test.join("bob"), alice.client.host)
        #expect(
            await bob.ask("WHOIS ALICE") == [
                ":irc.test 311 bob alice ~al \(host) * :Alice A",
                ":irc.test 319 bob alice :@#c",
                ":irc.test 312 bob alice irc.test :A test",
                ":irc.test 313 bob alice :is an IRC operator",
                ":irc.test 330 bob alice \(did) :is logged in as",
                ":irc.test 320 bob alice :is @alice.example.com on the AT Protocol",
                ":irc.test 671 bob alice :is using a secure connection",
                ":irc.test 301 bob alice :lunch",
                ":irc.test 317 bob alice 65 1767225600 :seconds idle, signon time",
                ":irc.test 318 bob ALICE :End of /WHOIS list",
            ])
        let own = await alice.ask("WHOIS alice")
        #expect(own.contains(":irc.test 338 alice alice ~al@192.0.2.1 192.0.2.1 :is actually using host"))
        #expect(own.contains(":irc.test 379 alice alice :is using modes +ors"))
        #expect(own.contains(":irc.test 276 alice alice :has client certificate fingerprint \(fingerprint)"))
        bob.client.modes.set(.oper, true)
        #expect(Set(numerics(await bob.ask("WHOIS alice"))).isSuperset(of: ["338", "379", "276"]))
    }

    @Test func theServerMayBeNamed() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        for line in ["WHOIS alice alice", "WHOIS irc.test alice", "WHOIS IRC.* alice"] {
            let answer = numerics(await alice.ask(line))
            #expect(answer.first == "311" && answer.last == "318", "\(line)")
        }
        #expect(numerics(await alice.ask("WHOIS nobody nobody")) == ["401", "318"])
        #expect(await alice.ask("WHOIS irc.other alice") == [":irc.test 402 alice irc.other :No such server"])
        #expect(await alice.ask("WHOIS :") == [":irc.test 431 alice :No nickname given"])
        #expect(numerics(await alice.ask("WHOIS alice,bob")).count { $0 == "318" } == 1)
    }

    @Test func aPlainConnectionIsNotCalledSecure() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), test.connect(secure: false))
        await bob.send("NICK bob", "USER b 0 * :B")
        #expect(!numerics(await alice.ask("WHOIS bob")).contains("671"))
    }

    @Test func somebodyStillRegisteringIsNotThere() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), test.connect())
        await bob.send("NICK bob")
        #expect(numerics(await alice.ask("WHOIS bob")) == ["401", "318"])
    }

    @Test func channelsAreForThoseWhoMaySeeThem() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        await alice.send("JOIN #open,#shut", "MODE #shut +s", "MODE alice +i")
        await bob.send("JOIN #open")
        func channels(_ client: TestClient) async -> [String] { await client.ask("WHOIS alice").filter { $0.contains(" 319 ") } }
        #expect(await channels(bob) == [":irc.test 319 bob alice :@#open"])
        #expect(await channels(carol).isEmpty)
        await alice.send("MODE alice -i")
        #expect(await channels(carol) == [":irc.test 319 carol alice :@#open"])
        #expect(await channels(alice) == [":irc.test 319 alice alice :@#open @#shut"])
        await alice.send("PART #open")
        await bob.send("PART #open")
        carol.client.modes.set(.oper, true)
        #expect(await channels(carol) == [":irc.test 319 carol alice :@#shut"])
    }

    @Test func manyChannelsTakeSeveralLines() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let names = (100..<200).map { "#\($0)" + String(repeating: "x", count: 60) }
        for name in names { await alice.send("JOIN \(name)") }
        let lines = await alice.ask("WHOIS alice").filter { $0.contains(" 319 ") }
        #expect(lines.count > 10 && lines.allSatisfy { $0.utf8.count <= 510 })
        let shown = lines.flatMap { $0.split(separator: ":")[1].split(separator: " ").map { String($0.dropFirst()) } }
        #expect(shown == names)
    }
}
