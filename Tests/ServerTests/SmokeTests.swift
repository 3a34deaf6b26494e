import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct SmokeTests {
    @Test func twoPeopleTalk() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let bob = await test.join("bob", capabilities: "echo-message message-tags server-time")
        await alice.send("JOIN #c")
        #expect(alice.all("366").count == 1)
        await bob.send("JOIN #c")
        #expect(alice.all("JOIN").count == 2)
        await alice.send("PRIVMSG #c :hello")
        #expect(bob.all("PRIVMSG").last?.hasSuffix("PRIVMSG #c :hello") == true)
        await alice.send("CHATHISTORY LATEST #c * 10")
        #expect(alice.all("PRIVMSG").last?.hasSuffix("PRIVMSG #c :hello") == true)
        await bob.send("QUIT :bye")
        #expect(alice.all("QUIT").count == 1)
    }
}
