import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct StatsTests {
    @Test func statistics() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice"))
        #expect(
            await alice.ask("STATS u") == [":irc.test 242 alice :Server Up 0 days 0:00:00", ":irc.test 219 alice u :End of /STATS report"])
        #expect(await alice.ask("STATS l").first?.contains(" 481 ") == true)
        #expect(await root.ask("STATS l").filter { $0.contains(" 211 root ") }.count == 2)
        #expect(await root.ask("STATS m").contains { $0.hasPrefix(":irc.test 212 root NICK 2") })
        #expect(await root.ask("STATS o").first?.hasPrefix(":irc.test 243 root O \(root.client.user)@") == true)
        #expect(await root.ask("STATS") == [":irc.test 219 root * :End of /STATS report"])
    }
}
