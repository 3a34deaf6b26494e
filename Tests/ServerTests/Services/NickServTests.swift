import ATProto
import Accounts
import MainLoop
import Store
import Testing

@testable import Server

@Suite @LoopActor struct NickServTests {
    let test: TestWorld

    init() async throws { test = try await TestWorld() }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    @Test func peopleRegisterAndLogIn() async throws {
        let ann = await test.join("ann")
        #expect(await ask(ann, "REGISTER longenough") == ["Your account is ann"])
        #expect(ann.all("900") == [":irc.test 900 ann \(ann.client.source) ann :You are now logged in as ann"])
        #expect(await ask(ann, "REGISTER longenough") == ["You are logged in to an account"])
        let guest = test.connect()
        await guest.send("NICK ann2", "USER a 0 * :A")
        #expect(await ask(guest, "IDENTIFY ann wrong").count == 1)
        #expect(guest.client.identity == nil)
        #expect(await ask(guest, "IDENTIFY ann longenough") == ["You are logged in as ann"])
    }

    @Test func guessingEndsTheConnection() async throws {
        try await test.addAccount("ann", password: "longenough")
        let eve = await test.join("eve")
        for _ in 0..<3 { await eve.send("NS IDENTIFY ann wrong") }
        #expect(eve.isClosed)
    }

    @Test func aReservedNicknameIsForItsOwner() async throws {
        let ann = try await test.logIn("ann")
        await ann.send("NICK annie")
        #expect(await ask(ann, "RESERVE") == ["annie is reserved for you"])
        #expect(await ask(ann, "RESERVE") == ["annie is reserved already"])
        await ann.send("QUIT")
        let eve = await test.join("eve")
        #expect(
            await eve.ask("NICK annie") == [
                ":irc.test 433 eve annie :Nickname is reserved: log in to its account first (/msg NickServ IDENTIFY annie <password>)"
            ])
        #expect(await eve.ask("NICK ann").first?.contains(" 433 ") == true)
        await eve.send("NS IDENTIFY ann secret")
        #expect(await eve.ask("NICK annie").first?.hasSuffix("NICK :annie") == true)
        #expect(await ask(eve, "RELEASE annie") == ["annie is free for everybody"])
        #expect(await ask(eve, "RELEASE ann").first?.hasPrefix("ann is not reserved") == true)
    }

    @Test func reservationsAreBounded() async throws {
        let ann = try await test.logIn("ann")
        for number in 1...5 { await ann.send("NICK ann\(number)", "NS RESERVE") }
        await ann.send("NICK ann6")
        #expect(await ask(ann, "RESERVE") == ["You have reserved 5 nicknames, and more is not allowed"])
    }

    @Test func ghostsGo() async throws {
        let ghost = await test.join("ann")
        try await test.addAccount("ann", password: "secret")
        let me = await test.join("other")
        #expect(await ask(me, "GHOST ann") == ["You must be logged in to an account to use GHOST"])
        await me.send("NS IDENTIFY ann secret")
        #expect(await ask(me, "GHOST nobody") == ["Nobody uses nobody"])
        #expect(await ask(me, "REGAIN ann") == ["You are ann"])
        #expect(ghost.isClosed && me.nick == "ann")
        let eve = try await test.logIn("eve")
        #expect(await ask(eve, "GHOST ann") == ["ann is not your nickname"])
    }

    @Test func loggingOutTakesTheNickname() async throws {
        let ann = try await test.logIn("ann")
        let lines = await ann.ask("NS LOGOUT")
        #expect(lines.contains { $0.hasPrefix(":irc.test 901 ann ") })
        #expect(ann.client.identity == nil && ann.nick.hasPrefix("Guest"))
    }

    @Test func passwordsChange() async throws {
        let ann = try await test.logIn("ann")
        #expect(await ask(ann, "PASSWD secret longenough other") == ["The new password must stand there twice"])
        #expect(await ask(ann, "PASSWD secret short short") == ["A password has at least 8 bytes and is not the name of the account"])
        #expect(
            await ask(ann, "PASSWD wrong longenough longenough") == ["The old password is wrong"])
        #expect(
            await ask(ann, "PASSWD secret longenough longenough") == [
                "Your password is changed; other connections that logged in with the old one are closed"
            ])
        let again = await test.join("x")
        #expect(await ask(again, "IDENTIFY ann longenough") == ["You are logged in as ann"])
    }

    @Test func suspendedAccountsAreClosed() async throws {
        let (root, ann) = (try await test.operate("root"), try await test.logIn("ann"))
        #expect(await ask(root, "SUSPEND ann being rude") == ["ann is suspended"])
        #expect(ann.isClosed && ann.last?.contains("Account suspended (being rude)") == true)
        let again = await test.join("x")
        #expect(await ask(again, "IDENTIFY ann secret").first?.contains("suspended") == true)
        #expect(await ask(root, "INFO ann").contains("  Suspended: being rude"))
        #expect(await ask(root, "UNSUSPEND ann") == ["ann is open again"])
        #expect(await ask(again, "IDENTIFY ann secret") == ["You are logged in as ann"])
    }

    @Test func infoIsForTheOwnerAndOperators() async throws {
        let (ann, bob) = (try await test.logIn("ann"), await test.join("bob"))
        #expect(await ask(ann, "INFO").contains { $0.contains("Last login") })
        #expect(!(await ask(bob, "INFO ann").contains { $0.contains("Last login") }))
        #expect(await ask(bob, "INFO nobody") == ["There is no account nobody"])
    }

    @Test func sessionsAreListedAndEnded() async throws {
        let ann = try await test.logIn("ann")
        let other = await test.join("phone")
        await other.send("NS IDENTIFY ann secret")
        let lines = await ask(ann, "SESSIONS")
        #expect(lines.count == 3 && lines.contains { $0.contains("this one") })
        #expect(await ask(ann, "SESSIONS LOGOUT 9").first?.hasPrefix("Syntax") == true)
        let number = lines.firstIndex { $0.contains("phone") } ?? 0
        await ann.send("NS SESSIONS LOGOUT \(number + 1)")
        #expect(other.isClosed && !ann.isClosed)
    }

    @Test func operatorsHaveTheirOwn() async throws {
        let root = try await test.operate("root")
        #expect(await ask(root, "SAREGISTER carol longenough") == ["The account carol is made"])
        #expect(await ask(root, "SAREGISTER carol longenough") == ["This account name is taken"])
        #expect(await ask(root, "SAPASSWD carol otherenough") == ["The password of carol is changed"])
        #expect(await ask(root, "LIST ca*") == ["  carol", "1 accounts"])
        let code = await ask(root, "SAUNREGISTER carol").last?.split(separator: " ").last ?? ""
        #expect(await ask(root, "SAUNREGISTER carol \(code)") == ["The account carol is deleted"])
    }

    @Test func hostsAreGivenAndShown() async throws {
        let (root, ann) = (try await test.operate("root"), try await test.logIn("ann", capabilities: "chghost"))
        #expect(ServiceDeskTests.said(await ann.ask("HS ON"), "HostServ") == ["You have no vhost; operators give them"])
        #expect(ServiceDeskTests.said(await root.ask("HS SET ann a b"), "HostServ") == ["Done"])
        #expect(ann.lines.last == ":ann!~ann@ann.user CHGHOST ~ann a")
        #expect(ServiceDeskTests.said(await root.ask("HS SET ann -x"), "HostServ").first?.hasPrefix("A host has") == true)
        await ann.send("HS OFF")
        #expect(ann.client.host == "ann.user")
        await ann.send("HS ON")
        #expect(ann.client.host == "a")
        await root.send("HS DEL ann")
        #expect(ann.client.host == "ann.user")
        #expect(ServiceDeskTests.said(await ann.ask("HS STATUS"), "HostServ") == ["ann has no vhost"])
    }

    @Test(arguments: ["0", "-1", "2", "-9223372036854775808", "9223372036854775807", "x", ""])
    func connectionsThatAreNoneAreNotEnded(_ number: String) async throws {
        let ann = try await test.logIn("ann")
        #expect(await ask(ann, "SESSIONS LOGOUT \(number)").first?.hasPrefix("Syntax: SESSIONS") == true && !ann.isClosed)
    }

    /// The database is changed, so the world has to follow, whether or not there is still somebody to answer.
    @Test func whatIsStoredCountsWhenTheClientIsGone() async throws {
        let ann = try await test.logIn("ann")
        await ann.send("NICK annie")
        ann.sendAtOnce(["NS RESERVE"])
        ann.disconnect()
        await test.settle()
        #expect(test.world.reservedNicks["annie"] == "ann")
        let again = await test.join("again")
        await again.send("NS IDENTIFY ann secret")
        again.sendAtOnce(["NS RELEASE annie"])
        again.disconnect()
        await test.settle()
        #expect(test.world.reservedNicks["annie"] == nil)
    }

    @Test func anAccountThatNobodyWaitedForIsReserved() async throws {
        let ann = await test.join("ann")
        ann.sendAtOnce(["NS REGISTER longenough"])
        ann.disconnect()
        await test.settle()
        #expect(try await test.accounts.find(name: "ann") != nil && test.world.reservedNicks["ann"] == "ann")
    }

    @Test func regainKeepsToTheRulesOfChannels() async throws {
        let ghost = await test.join("ann")
        try await test.addAccount("ann", password: "secret")
        let root = try await test.operate("root", in: "#c")
        let me = await test.join("other", in: "#c")
        await me.send("NS IDENTIFY ann secret")
        await root.send("MODE #c +N")
        #expect(await ask(me, "REGAIN ann") == ["You cannot change your nickname while you are in #c"])
        #expect(!ghost.isClosed && me.nick == "other")
    }

    @Test func anOperatorWhoseAccountIsDeletedIsNoneAnyMore() async throws {
        let root = try await test.operate("root")
        let other = try await test.operate("other")
        await other.send("NS IDENTIFY other secret")
        let code = await ask(root, "SAUNREGISTER other").last?.split(separator: " ").last ?? ""
        other.clear()
        await root.send("NS SAUNREGISTER other \(code)")
        #expect(!other.client.isOperator && other.all("MODE").last?.hasSuffix(" MODE other :-os") == true, "\(other.lines)")
    }

    /// What was said to it and by it is still in the history.
    @Test func theNameOfADeletedAccountIsNobodys() async throws {
        let ann = try await test.logIn("ann", capabilities: "draft/chathistory")
        let bob = try await test.logIn("bob")
        await bob.send("PRIVMSG ann :between us")
        let link = ServiceDeskTests.said(await ann.ask("HISTSERV EXPORT"), "HistServ").first ?? ""
        let token = String(link.split(separator: "=").last ?? "")
        #expect(try await test.world.export(token: token, after: 0) != nil)
        let code = await ask(ann, "UNREGISTER").last?.split(separator: " ").last ?? ""
        ann.sendAtOnce(["NS UNREGISTER \(code)"])
        // Gone as soon as it is done, perhaps before it is answered.
        while try await test.accounts.find(name: "ann") != nil { await Task.yield() }
        ann.disconnect()
        await test.settle()
        #expect(try await test.accounts.find(name: "ann") == nil && test.world.reservedNicks["ann"] == nil)
        #expect(try await test.world.export(token: token, after: 0) == nil)
        let eve = await test.join("ann")
        #expect(await ask(eve, "REGISTER longenough") == ["This account name is taken"])
    }

    @Test func aSuspensionCountsWhenTheOperatorIsGone() async throws {
        let root = try await test.operate("root")
        let ann = try await test.logIn("ann")
        root.sendAtOnce(["NS SUSPEND ann rude"])
        while try await test.accounts.find(name: "ann")?.isSuspended == false { await Task.yield() }
        root.disconnect()
        await test.settle()
        #expect(ann.isClosed)
    }

    /// A login that was found good before its account was closed.
    @Test func aLoginUnderWayIsLookedAtAgain() async throws {
        let hash = try await test.hasher.hash("secret")
        for (name, did) in [("ann", TestWorld.alice), ("bob", TestWorld.bob)] {
            _ = try await test.accounts.create(AccountRecord(name: name, did: did, passwordHash: hash, createdAt: 0))
        }
        let (ann, bob) = (await test.join("x"), await test.join("y"))
        test.identities.whileVerifying = { [accounts = test.accounts, world = test.world] did in
            if did.text == TestWorld.alice { try? await accounts.suspend(name: "ann") }
            world.closings += 1
        }
        #expect(await ask(ann, "IDENTIFY ann secret") == ["ann is suspended"])
        #expect(ann.client.identity == nil)
        await bob.send("NS IDENTIFY bob secret")
        #expect(bob.client.identity?.account == "bob")
    }

    @Test func whoBecomesSomebodyElseDoesNotStayAsBefore() async throws {
        let ann = try await test.logIn("ann")
        try await test.addAccount("bob", password: "secret")
        await ann.send("NS SET ALWAYS-ON ON", "NS IDENTIFY bob secret", "QUIT")
        #expect(test.world.residents.isEmpty && test.world.clients.isEmpty)
    }
}
