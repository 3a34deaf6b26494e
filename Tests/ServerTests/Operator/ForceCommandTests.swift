import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// What operators may do to people, channels and the server.
@LoopActor @Suite struct ForceCommandTests {
    @Test func everyOperatorCommandNeedsAnOperator() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        for command in CommandTable.standard.all where command.privilege != nil {
            let line = ([command.verb.text] + Array(repeating: "x", count: command.minimumParameters)).joined(separator: " ")
            #expect(await alice.ask(line) == [":irc.test 481 alice :Permission Denied- You're not an IRC operator"])
        }
    }

    @Test func peopleAreMoved() async throws {
        let test = try await TestWorld()
        let (root, alice, bob) = (try await test.operate("root"), await test.join("alice", in: "#c"), await test.join("bob"))
        await alice.send("MODE #c +i")
        await root.send("SAJOIN bob #c,#new")
        #expect(bob.client.channels.keys.sorted() == ["#c", "#new"])
        await root.send("SAPART bob #c,#new :out")
        #expect(bob.last == ":\(bob.client.source) PART #new :out")
        await root.send("SANICK bob robert")
        #expect(bob.last == ":bob!\(bob.client.user)@\(bob.client.host) NICK :robert")
        #expect(await root.ask("SANICK robert alice").first?.contains(" 433 ") == true)
        #expect(await root.ask("SANICK robert #x").first?.contains(" 432 ") == true)
        #expect(await root.ask("SAJOIN nobody #c").first?.contains(" 401 ") == true)
        #expect(await root.ask("SAJOIN robert bad").first?.contains(" 403 ") == true)
        #expect(await root.ask("SAPART robert #c").first?.contains(" 441 ") == true)
    }

    @Test func modesAreChangedWithoutARank() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice", in: "#c"))
        let line = ":\(root.client.source) MODE #c +m-o alice"
        #expect(await root.ask("SAMODE #c +m-o alice") == [line])
        #expect(alice.last == line)
        #expect(await root.ask("SAMODE #none +m").first?.contains(" 403 ") == true)
    }

    @Test func anOperatorMayHide() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice"))
        #expect(await alice.ask("WHOIS root").contains { $0.contains(" 313 ") })
        await root.send("MODE root +H")
        #expect(!(await alice.ask("WHOIS root").contains { $0.contains(" 313 ") }))
        #expect(await alice.ask("USERHOST root").first?.contains("root=") == true)
        #expect(await alice.ask("MODE alice +H").isEmpty)
    }

    @Test func nobodyBecomesAService() async throws {
        let test = try await TestWorld()
        let (root, bob) = (try await test.operate("root"), await test.join("bob"))
        #expect(await root.ask("SANICK bob NickServ").first?.contains(" 432 ") == true && bob.nick == "bob")
    }

    @Test func aClosedChannelIsNotOpened() async throws {
        let test = try await TestWorld()
        let (root, bob) = (try await test.operate("root"), await test.join("bob"))
        let code = ServiceDeskTests.said(await root.ask("CS PURGE ADD #c spam"), "ChanServ").last?.split(separator: " ").last ?? ""
        await root.send("CS PURGE ADD #c spam \(code)")
        #expect(await root.ask("SAJOIN bob #c").first?.contains(" 474 ") == true && bob.client.channels.isEmpty)
    }
}
