import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct NetworkTests {
    @Test func oneServerIsTheWholeNetwork() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("LINKS") == [":irc.test 365 alice * :End of /LINKS list"])
        #expect(
            await alice.ask("LINKS *.test") == [
                ":irc.test 364 alice irc.test irc.test :0 A Roost chat server", ":irc.test 365 alice *.test :End of /LINKS list",
            ])
        #expect(await alice.ask("LINKS *.other") == [":irc.test 365 alice *.other :End of /LINKS list"])
        #expect(await alice.ask("TRACE").first?.hasPrefix(":irc.test 262 alice irc.test ") == true)
        #expect(await alice.ask("USERS") == [":irc.test 446 alice :USERS has been disabled"])
        #expect(await alice.ask("SUMMON x") == [":irc.test 445 alice :SUMMON has been disabled"])
    }

    @Test func addressesAreForThoseWhoMaySeeThem() async throws {
        let test = try await TestWorld()
        let (alice, root) = (await test.join("alice", from: "192.0.2.7"), try await test.operate("root"))
        #expect(await alice.ask("USERIP alice").first == ":irc.test 340 alice :alice=+~alice@192.0.2.7")
        #expect(await alice.ask("USERIP root").first?.hasSuffix("root*=+~root@255.255.255.255") == true)
        #expect(await root.ask("USERIP alice nobody").first == ":irc.test 340 root :alice=+~alice@192.0.2.7")
    }
}
