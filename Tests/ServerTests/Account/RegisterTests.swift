import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

@Suite @LoopActor struct RegisterTests {
    @Test func anAccountIsMadeAndLoggedInTo() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann")
        let lines = await ann.ask("REGISTER * * longenough")
        #expect(lines.first == ":irc.test REGISTER SUCCESS ann :Account successfully registered")
        #expect(lines.contains { $0.contains(" 900 ") })
        #expect(ann.client.identity?.account == "ann")
    }

    @Test func alsoBeforeTheConnectionIsComplete() async throws {
        let test = try await TestWorld()
        let ann = test.connect()
        await ann.send("CAP LS 302", "NICK ann", "REGISTER * * longenough", "USER a 0 * :A", "CAP END")
        #expect(ann.all("001").count == 1 && ann.client.identity?.account == "ann")
    }

    @Test(arguments: [
        ("REGISTER other * longenough", "ACCOUNT_NAME_MUST_BE_NICK other"),
        ("REGISTER * * short", "WEAK_PASSWORD ann"),
        ("REGISTER * * *", "UNACCEPTABLE_PASSWORD ann"),
        ("REGISTER * nonsense longenough", "INVALID_EMAIL ann"),
        ("REGISTER * a@b.c,d@e.f longenough", "INVALID_EMAIL ann"),
    ])
    func mistakesAreToldApart(_ line: String, _ answer: String) async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann")
        #expect(await ann.ask(line).first?.hasPrefix(":irc.test FAIL REGISTER \(answer) :") == true)
    }

    @Test func whatTheServerDoesNotWantIsRefused() async throws {
        var test = try await TestWorld { $0.accounts.registration = .off }
        var ann = await test.join("ann")
        #expect(await ann.ask("REGISTER * * longenough").first?.hasPrefix(":irc.test FAIL REGISTER TEMPORARILY_UNAVAILABLE ann :") == true)
        #expect(await ann.ask("CAP LS 302").first?.contains("account-registration") == false)
        test = try await TestWorld { $0.accounts.beforeConnect = false }
        ann = test.connect()
        await ann.send("NICK ann")
        #expect(
            await ann.ask("REGISTER * * longenough")
                == [":irc.test FAIL REGISTER COMPLETE_CONNECTION_REQUIRED * :Finish connecting first"])
        #expect(await ann.ask("VERIFY ann x") == [":irc.test FAIL VERIFY COMPLETE_CONNECTION_REQUIRED ann :Finish connecting first"])
    }

    @Test func aNicknameIsNeededFirst() async throws {
        let ann = try await TestWorld().connect()
        #expect(await ann.ask("REGISTER * * longenough") == [":irc.test FAIL REGISTER NEED_NICK * :Choose a nickname first"])
    }

    @Test func whatIsTakenIsTaken() async throws {
        let test = try await TestWorld { $0.accounts.customName = true }
        try await test.addAccount("bob", password: "secret")
        let ann = await test.join("ann")
        #expect(await ann.ask("REGISTER Bob * longenough").first?.hasPrefix(":irc.test FAIL REGISTER ACCOUNT_EXISTS Bob :") == true)
        #expect(await ann.ask("REGISTER NickServ * longenough").first?.contains("BAD_ACCOUNT_NAME") == true)
        #expect(await ann.ask("REGISTER 9x * longenough").first?.contains("BAD_ACCOUNT_NAME") == true)
        await ann.send("REGISTER other * longenough")
        #expect(
            await ann.ask("REGISTER more * longenough").first?.hasPrefix(":irc.test FAIL REGISTER ALREADY_AUTHENTICATED other :") == true)
        #expect(await ann.ask("VERIFY more x").first?.hasPrefix(":irc.test FAIL VERIFY ALREADY_AUTHENTICATED other :") == true)
    }

    @Test func nobodyRegistersTheNicknameOfSomebodyElse() async throws {
        let test = try await TestWorld()
        _ = await test.join("root")
        let eve = test.connect()
        await eve.send("CAP LS 302", "NICK root")
        #expect(await eve.ask("REGISTER * * longenough").first?.hasPrefix(":irc.test FAIL REGISTER ACCOUNT_EXISTS root :") == true)
    }

    @Test func oneAddressMakesOnlySoMany() async throws {
        let test = try await TestWorld { $0.accounts.perHour = 1 }
        let (ann, bob) = (await test.join("ann"), await test.join("bob"))
        await ann.send("REGISTER * * longenough")
        #expect(await bob.ask("REGISTER * * longenough").first?.contains("TEMPORARILY_UNAVAILABLE") == true)
        test.clock.advance(by: .seconds(3601))
        #expect(await bob.ask("REGISTER * * longenough").first?.contains("SUCCESS") == true)
    }

    @Test func theCodeComesByMail() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = true }
        let ann = await test.join("ann")
        #expect(await ann.ask("CAP LS 302").contains { $0.contains("draft/account-registration=before-connect,email-required") })
        #expect(await ann.ask("REGISTER * * longenough").first?.contains("INVALID_EMAIL ann") == true)
        #expect(
            await ann.ask("REGISTER * a@example.com longenough").first?.hasPrefix(":irc.test REGISTER VERIFICATION_REQUIRED ann :") == true)
        let code = try #require(test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last)
        #expect(await ann.ask("VERIFY ann wrong").first?.hasPrefix(":irc.test FAIL VERIFY INVALID_CODE ann :") == true)
        #expect(await ann.ask("VERIFY ann \(code)").first == ":irc.test VERIFY SUCCESS ann :Account successfully registered")
        #expect(ann.client.identity?.settings.email == "a@example.com")
        let bob = await test.join("bob")
        #expect(await bob.ask("REGISTER * A@example.com longenough").first?.contains("UNACCEPTABLE_EMAIL bob") == true)
    }

    @Test func wrongCodesDoNotMakeTheRightOneVoid() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = true }
        let ann = await test.join("ann")
        await ann.send("REGISTER * a@example.com longenough")
        let code = try #require(test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last)
        let eve = await test.join("eve", from: "198.51.100.7")
        for _ in 0..<20 { #expect(await eve.ask("VERIFY ann wrong").first?.contains("FAIL VERIFY INVALID_CODE ann") == true) }
        #expect(await eve.ask("VERIFY ann wrong").first?.contains("FAIL VERIFY TEMPORARILY_UNAVAILABLE ann") == true)
        #expect(await ann.ask("VERIFY ann \(code)").first?.contains("VERIFY SUCCESS ann") == true)
    }

    @Test func twoThatWaitWithOneAddressGiveOneAccount() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = true }
        let (ann, bob) = (await test.join("ann"), await test.join("bob"))
        func code() throws -> String {
            String(try #require(test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last))
        }
        await ann.send("REGISTER * a@example.com longenough")
        let first = try code()
        await bob.send("REGISTER * A@example.com longenough")
        let second = try code()
        #expect(await ann.ask("VERIFY ann \(first)").first?.contains("VERIFY SUCCESS ann") == true)
        #expect(await bob.ask("VERIFY bob \(second)").first?.contains("FAIL VERIFY UNACCEPTABLE_EMAIL bob") == true)
        #expect(try await test.accounts.find(name: "bob") == nil && bob.client.identity == nil)
    }

    @Test func aCodeGrowsOld() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = true }
        let ann = await test.join("ann")
        await ann.send("REGISTER * a@example.com longenough")
        let code = try #require(test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last)
        test.clock.advance(by: .seconds(86_401))
        #expect(await ann.ask("VERIFY ann \(code)").first?.contains("INVALID_CODE") == true)
    }

    @Test func withoutThePasswordOfTheServerNobodyRegisters() async throws {
        let test = try await TestWorld { $0.passwordHash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA" }
        let ann = test.connect()
        await ann.send("NICK ann")
        #expect(await ann.ask("REGISTER * * longenough").first?.contains("COMPLETE_CONNECTION_REQUIRED") == true)
    }

    /// Who comes from where only those get in who have an account cannot make one on the way in.
    @Test func aBanThatWantsALoginIsNotPassedByMakingAnAccount() async throws {
        let test = try await TestWorld()
        _ = try await test.administer("OperServ", "BAN ADD REQUIRE-SASL 198.51.100.0/24 spam")
        let spammer = test.connect(from: "198.51.100.7")
        await spammer.send("CAP LS 302", "NICK spam", "USER a 0 * :A", "REGISTER * * longenough")
        #expect(spammer.last?.contains("FAIL REGISTER TEMPORARILY_UNAVAILABLE spam :No accounts are made from your address") == true)
        await spammer.send("VERIFY spam 123", "CAP END")
        #expect(spammer.isClosed && spammer.all("001").isEmpty)
        #expect(try await test.accounts.find(name: "spam") == nil)
        let other = test.connect(from: "192.0.2.7")
        await other.send("CAP LS 302", "NICK ann", "USER a 0 * :A", "REGISTER * * longenough", "CAP END")
        #expect(other.client.isRegistered)
    }

    @Test func aNicknameThatWasReservedMeanwhileBecomesNoAccount() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = true }
        let eve = await test.join("ally")
        await eve.send("REGISTER * e@example.com longenough")
        let code = try #require(test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last)
        await eve.send("NICK eve")
        let wren = try await test.logIn("wren")
        await wren.send("NICK ally", "NS RESERVE")
        #expect(await eve.ask("VERIFY ally \(code)").first?.contains("FAIL VERIFY ACCOUNT_EXISTS ally") == true)
        #expect(try await test.accounts.find(name: "ally") == nil && wren.nick == "ally")
    }
}
