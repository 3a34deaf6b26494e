import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct ClientTagRulesTests {
    @Test(arguments: [
        ([], "+a;+b=1"), (["a"], "+b=1"), (["*"], ""), (["*", "-b"], "+b=1"), (["c", "-a"], "+a;+b=1"), (["*", "-typing"], ""),
    ])
    func tagsArePassedAsConfigured(_ rules: [String], _ expected: String) {
        #expect(ClientTagRules(rules).passed("+a;+b=1") == expected)
    }

    @Test func deniedTagsAreAnnouncedAndDropped() async throws {
        let test = try await TestWorld { $0.deniedClientTags = ["*", "-draft/react"] }
        let (alice, bob) = (await test.join("alice", capabilities: "message-tags"), await test.join("bob", capabilities: "message-tags"))
        #expect(ISupport(test.world.configuration).tokens.contains("CLIENTTAGDENY=*,-draft/react"))
        await alice.send("@+typing=active TAGMSG bob", "@+draft/react=x;+y TAGMSG bob")
        #expect(bob.lines.count == 1 && bob.last?.contains(";+draft/react=x :") == true)
    }
}
