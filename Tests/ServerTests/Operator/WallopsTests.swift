import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct WallopsTests {
    @Test func wallopsReachThoseWhoWantThem() async throws {
        let test = try await TestWorld()
        let (root, alice, bob) = (try await test.operate("root"), await test.join("alice"), await test.join("bob"))
        await alice.send("MODE alice +w")
        for client in [alice, bob] { client.clear() }
        await root.send("WALLOPS :maintenance at noon")
        #expect(alice.lines == [":\(root.client.source) WALLOPS :maintenance at noon"])
        #expect(bob.lines.isEmpty)
        #expect(await root.ask("WALLOPS :").first?.contains(" 461 ") == true)
    }
}
