import Foundation
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

@Suite @LoopActor struct ChanServTests {
    let database: RoostDatabase
    let test: TestWorld

    init() async throws {
        database = try RoostDatabase.inMemory()
        test = try await TestWorld(database: database)
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("CS \(text)"), "ChanServ")
    }

    /// Asks, and asks again with the code that the answer names.
    private func confirm(_ client: TestClient, _ text: String) async -> [String] {
        let code = await ask(client, text).last?.split(separator: " ").last ?? ""
        return await ask(client, "\(text) \(code)")
    }

    @Test func aChannelIsRegisteredAndOutlivesEverybody() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("TOPIC #c :mine", "MODE #c +b eve!*@*", "MODE #c +k-n key")
        #expect(await ask(ann, "REGISTER #c") == ["#c is registered, and you are its founder"])
        await ann.send("PART #c")
        #expect(test.world.channels["#c"] != nil)

        let again = try await TestWorld(database: database)
        let channel = try #require(again.world.channels["#c"])
        #expect(channel.topic?.text == "mine" && channel.modes.key == "key" && !channel.modes.contains(.noExternal))
        #expect(channel.modes.entries(.ban).map(\.mask.text) == ["eve!*@*"])
        let eve = await again.join("eve")
        #expect(await eve.ask("JOIN #c key").first?.contains(" 474 ") == true)
        let bob = await again.join("bob")
        let lines = await bob.ask("JOIN #c key")
        #expect(lines.contains(":irc.test 353 bob = #c :bob"))
        #expect(!lines.contains { $0.contains(" MODE ") })
    }

    @Test func theFounderIsFounderWhereverItEnters() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let bob = await test.join("bob", in: "#c")
        bob.clear()
        let lines = await ann.ask("CS REGISTER #c")
        #expect(lines.contains(":irc.test MODE #c +q ann"))
        #expect(bob.lines == [":irc.test MODE #c +q ann"])
        await ann.send("PART #c")
        bob.clear()
        #expect(await ann.ask("JOIN #c").contains(":irc.test 353 ann = #c :bob ~ann"))
        #expect(bob.lines.last == ":irc.test MODE #c +q ann")
    }

    @Test func onlyThoseWhoRunAChannelRegisterIt() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let bob = try await test.logIn("bob", in: "#c")
        #expect(await ask(bob, "REGISTER #c") == ["You must be in #c and run it (@) to register it"])
        #expect(await ask(bob, "REGISTER #nowhere") == ["There is no channel #nowhere"])
        #expect(await ask(ann, "REGISTER #c").first?.hasPrefix("#c is registered") == true)
        #expect(await ask(ann, "REGISTER #c") == ["#c is registered already"])
        let guest = await test.join("guest")
        #expect(await ask(guest, "REGISTER #c") == ["You must be logged in to an account to use REGISTER"])
    }

    @Test func anAccountRegistersOnlySoMany() async throws {
        let test = try await TestWorld { $0.accounts.channels = 1 }
        let ann = try await test.logIn("ann", in: "#a")
        await ann.send("JOIN #b")
        #expect(await ask(ann, "REGISTER #a").first?.hasPrefix("#a is registered") == true)
        #expect(await ask(ann, "REGISTER #b") == ["You have registered 1 channels, and more is not allowed"])
    }

    @Test func giveUpNeedsTheCode() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("CS REGISTER #c")
        #expect(await ask(ann, "UNREGISTER #c wrong").count == 2)
        #expect(test.world.channels["#c"]?.registration != nil)
        #expect(await confirm(ann, "UNREGISTER #c") == ["#c is not registered any more"])
        #expect(test.world.channels["#c"]?.registration == nil)
        await ann.send("PART #c")
        await test.world.flushRecords()
        #expect(test.world.channels["#c"] == nil)
        #expect(try await RecordStore(database, .channel).all().isEmpty)
    }

    @Test func theAccessListGivesRanks() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let bob = try await test.logIn("bob", in: "#c")
        await ann.send("CS REGISTER #c")
        bob.clear()
        #expect(await ask(ann, "AMODE #c +o bob") == ["bob has +o now"])
        #expect(bob.lines == [":irc.test MODE #c +o bob"])
        #expect(await ask(bob, "AMODE #c +v ann") == ["You may only change ranks below your own"])
        #expect(await ask(ann, "AMODE #c +q bob").first?.hasPrefix("The rank must be one of") == true)
        #expect(await ask(ann, "AMODE #c +o nobody") == ["There is no account nobody"])
        #expect(await ask(ann, "AMODE #c").count == 3)
        #expect(await ask(ann, "AMODE #c -o bob") == ["bob has no rank in #c any more"])
        #expect(await ask(ann, "AMODE #c -o bob") == ["bob does not have +o"])
    }

    @Test func nobodyIsBroughtDownByAnEqual() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), try await test.logIn("bob", in: "#c"))
        let carol = try await test.logIn("carol", in: "#c")
        await ann.send("CS REGISTER #c", "CS AMODE #c +o bob", "CS AMODE #c +o carol")
        for higher in ["ann", "carol"] { #expect(await ask(bob, "DEOP #c \(higher)") == ["\(higher) has a rank as high as yours"]) }
        #expect(await ask(ann, "DEOP #c carol") == ["Done"] && carol.client.channels["#c"] != nil)
    }

    @Test func whoIsAtHomeComesInPastBansAndKeys() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let bob = try await test.logIn("bob")
        await ann.send("CS REGISTER #c", "CS AMODE #c +o bob", "MODE #c +ik key", "MODE #c +b *!*@*")
        #expect(await bob.ask("JOIN #c").contains { $0.hasSuffix("JOIN #c") })
    }

    @Test func theFullAccessListSaysSo() async throws {
        var registration = ChannelRegistration(founder: "ann", registeredAt: 0)
        for number in 0..<ChannelRegistration.entryLimit {
            _ = registration.setAccess("a\(number)", .voice, by: "ann", at: 0)
            _ = registration.keepOut(try #require(BanMask("n\(number)")), reason: "", by: "ann", at: 0)
        }
        let oneMore = registration.setAccess("one", .voice, by: "ann", at: 0)
        let oneMoreMask = registration.keepOut(try #require(BanMask("one")), reason: "", by: "ann", at: 0)
        let change = registration.setAccess("a0", .op, by: "ann", at: 0)
        #expect(!oneMore && !oneMoreMask && change)
        #expect(registration.access.count == ChannelRegistration.entryLimit)
    }

    @Test func thoseKeptOutAreThrownOutAndStayOut() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let eve = await test.join("eve", in: "#c")
        await ann.send("CS REGISTER #c")
        eve.clear()
        #expect(await ask(ann, "AKICK #c ADD eve no reason at all") == ["eve!*@* is kept out of #c"])
        #expect(eve.lines.last == ":ChanServ!ChanServ@irc.test KICK #c eve :no reason at all")
        #expect(await eve.ask("JOIN #c") == [":irc.test 474 eve #c :Cannot join channel (no reason at all)"])
        #expect(await ask(ann, "AKICK #c").count == 2)
        #expect(await ask(ann, "AKICK #c DEL eve") == ["eve!*@* may enter #c again"])
        #expect(await eve.ask("JOIN #c").contains { $0.hasSuffix("JOIN #c") })
    }

    @Test func lockedModesStay() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("CS REGISTER #c")
        #expect(await ask(ann, "SET #c MLOCK +ml-t 5") == ["MLOCK of #c is +ml-t 5 now"])
        #expect(await ann.ask("MODE #c").contains(":irc.test 324 ann #c +mnl 5"))
        #expect(
            await ann.ask("MODE #c -m")
                == [":irc.test 742 ann #c m +ml-t 5 :MODE cannot be set: the mode is locked (MLOCK)"])
        #expect(await ann.ask("MODE #c +s") == [":\(ann.client.source) MODE #c +s"])
        #expect(await ask(ann, "SET #c MLOCK +b").first?.hasPrefix("Expected modes") == true)
        #expect(await ask(ann, "SET #c MLOCK +P") == ["P is for operators of the server"])
        #expect(await ask(ann, "SET #c MLOCK OFF") == ["MLOCK of #c is OFF now"])
        #expect(await ann.ask("MODE #c -m") == [":\(ann.client.source) MODE #c -m"])
    }

    @Test func aTransferHasToBeAccepted() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), try await test.logIn("bob", in: "#c"))
        await ann.send("CS REGISTER #c")
        #expect(await ask(bob, "TRANSFER ACCEPT #c") == ["#c is not offered to you"])
        #expect(await confirm(ann, "TRANSFER #c bob").first?.hasPrefix("bob can take #c now") == true)
        #expect(await ask(bob, "TRANSFER ACCEPT #c") == ["#c is yours now"])
        #expect(test.world.channels["#c"]?.registration?.founder == "bob")
        #expect(await ask(ann, "SET #c HISTORY OFF") == ["Only the founder may do that"])
        await bob.send("NAMES #c")
        #expect(bob.lines.contains(":irc.test 353 bob = #c :&ann ~bob"))
    }

    @Test func theSuccessorInherits() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), try await test.logIn("bob"))
        await ann.send("JOIN #d", "CS REGISTER #c", "CS REGISTER #d")
        #expect(await ask(ann, "SET #c SUCCESSOR bob") == ["SUCCESSOR of #c is bob now"])
        let code = ServiceDeskTests.said(await ann.ask("NS UNREGISTER"), "NickServ").last?.split(separator: " ").last ?? ""
        await ann.send("NS UNREGISTER \(code)")
        #expect(test.world.channels["#c"]?.registration?.founder == "bob")
        #expect(test.world.channels["#d"]?.registration == nil)
        #expect(ann.client.identity == nil && test.world.reservedNicks["ann"] == nil)
        #expect(try await test.accounts.find(name: "ann") == nil)
        #expect(bob.client.identity != nil)
    }

    @Test func ranksAreGivenAndTaken() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob", in: "#c"))
        await ann.send("CS REGISTER #c")
        #expect(await ask(ann, "OP #c bob") == ["Done"])
        #expect(test.world.channels["#c"]?[bob.client]?.ranks.contains(.op) == true)
        #expect(await ask(ann, "DEOP #c bob") == ["Done"])
        #expect(await ask(ann, "DEOP #c bob") == ["bob is not that"])
        #expect(await ask(bob, "OP #c") == ["You must be logged in to an account to use OP"])
        let carl = try await test.logIn("carl", in: "#c")
        #expect(await ask(carl, "OP #c") == ["You need the rank o on the access list for that"])
        #expect(await ask(ann, "VOICE #c gone") == ["gone is not in #c"])
    }

    @Test func helpersHelp() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), try await test.logIn("bob"))
        await ann.send("CS REGISTER #c", "CS AMODE #c +h bob", "MODE #c +ik key", "MODE #c +b bob", "MODE #c +b *!*@other")
        #expect(await ask(bob, "GETKEY #c") == ["The key of #c is key"])
        #expect(await ask(bob, "UNBAN #c") == ["1 bans are gone"])
        #expect(await ask(bob, "INVITE #c") == ["You may enter #c"])
        #expect(await ask(ann, "HOWTOBAN #c bob").count == 2)
        #expect(await confirm(ann, "CLEAR #c BANS") == ["Done"])
        #expect(test.world.channels["#c"]?.modes.entries(.ban).isEmpty == true)
        #expect(await confirm(ann, "CLEAR #c ACCESS") == ["Done"])
        #expect(await ask(bob, "GETKEY #c").first?.hasPrefix("You need the rank") == true)
        await bob.send("JOIN #c key")
        #expect(await confirm(ann, "CLEAR #c USERS") == ["Done"])
        #expect(test.world.channels["#c"]?.members.count == 1)
    }

    @Test func aPurgedNameIsClosedAlsoAfterARestart() async throws {
        let (root, ann) = (try await test.operate("root"), await test.join("ann", in: "#c"))
        let asked = await ask(root, "PURGE ADD #c spam and worse")
        #expect(asked.last?.hasPrefix("To go on: /msg ChanServ PURGE ADD #c spam and worse ") == true)
        #expect(await ask(root, "PURGE ADD #c spam and worse wrong").last?.contains(" worse wrong ") == true)
        #expect(test.world.purges.isEmpty && ann.client.channels.count == 1)
        #expect(await confirm(root, "PURGE ADD #c spam and worse") == ["#c is closed"])
        #expect(ann.lines.last == ":ChanServ!ChanServ@irc.test KICK #c ann :spam and worse")
        let again = try await TestWorld(database: database)
        let bob = await again.join("bob")
        #expect(await bob.ask("JOIN #c") == [":irc.test 474 bob #c :Cannot join channel: closed by the operators (spam and worse)"])
        #expect(await ask(bob, "INFO #c") == ["#c is closed by the operators: spam and worse"])
        #expect(try await again.administer("ChanServ", "PURGE DEL #c") == ["#c is open again"])
        #expect(await bob.ask("JOIN #c").contains { $0.hasSuffix("JOIN #c") })
    }

    @Test func secretChannelsStaySecret() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob"))
        await ann.send("CS REGISTER #c", "MODE #c +s")
        #expect(await ask(bob, "INFO #c") == ["There is no channel #c"])
        #expect(await ask(ann, "INFO #c").count > 2)
    }

    @Test func theKeyInALockIsForThoseWhoRunTheChannel() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        _ = await ask(ann, "REGISTER #c")
        #expect(await ask(ann, "SET #c MLOCK +k hidden").last?.contains("hidden") == true)
        let eve = await test.join("eve")
        #expect(!(await ask(eve, "INFO #c").contains { $0.contains("hidden") }))
        #expect(await ask(ann, "INFO #c").contains { $0.contains("hidden") })
    }

    @Test(arguments: ["+mk a,b", "+ml 0", "+mW 0", "+mO"])
    func aLockThatIsRefusedChangesNothing(_ lock: String) async throws {
        let ann = try await test.logIn("ann", in: "#c")
        _ = await ask(ann, "REGISTER #c")
        let before = await ann.ask("MODE #c").first
        let answer = await ask(ann, "SET #c MLOCK \(lock)")
        #expect(answer.first?.hasPrefix("MLOCK of") == false, "\(answer)")
        #expect(await ann.ask("MODE #c").first == before)
    }

    @Test func purgesAreBounded() async throws {
        let root = try await test.operate("root")
        for number in 0..<World.purgeLimit {
            test.world.purges["#x\(number)"] = Purge(name: "#x\(number)", reason: "r", setBy: "root", setAt: 0)
        }
        #expect(await ask(root, "PURGE ADD #more x") == ["1000 channels are closed, and more is not possible"])
        #expect(await confirm(root, "PURGE ADD #x1 again") == ["#x1 is closed"])
    }

    @Test func metadataOfAKeptChannelIsKept() async throws {
        let ann = try await test.logIn("ann", in: "#c", capabilities: "draft/metadata-2 batch")
        _ = await ask(ann, "REGISTER #c")
        await ann.send("METADATA #c SET about :rules")
        let again = try await TestWorld(database: database)
        #expect(again.world.channels["#c"]?.metadata["about"] == "rules")
    }
}
