import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// NickServ SET EMAIL and VERIFYEMAIL: people say where to write to, and prove it.
@Suite @LoopActor struct EmailAddressTests {
    let test: TestWorld

    init() async throws {
        test = try await TestWorld()
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    /// The code in the newest mail.
    private var mailed: String {
        test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFYEMAIL") }?.split(separator: " ").last.map(String.init) ?? ""
    }

    private func settings(_ account: String) async throws -> AccountSettings? { try await test.accounts.find(name: account)?.settings }

    @Test func anAddressCountsWhenItsCodeComesBack() async throws {
        let ann = try await test.logIn("ann")
        #expect(await ask(ann, "GET EMAIL") == ["EMAIL: none"])
        #expect(await ask(ann, "SET EMAIL a@example.com") == ["A code is on its way to a@example.com: VERIFYEMAIL <code>"])
        #expect(test.mailbox.addresses == ["a@example.com"])
        #expect(try await settings("ann")?.email == nil)
        #expect(await ask(ann, "VERIFYEMAIL wrong") == ["The code is wrong or too old"])
        let code = mailed
        #expect(await ask(ann, "VERIFYEMAIL \(code)") == ["a@example.com is the address of ann now; SENDPASS sends a code there"])
        #expect(try await settings("ann")?.provedEmail == "a@example.com" && ann.client.identity?.settings.provedEmail == "a@example.com")
        #expect(await ask(ann, "VERIFYEMAIL \(code)") == ["The code is wrong or too old"])
        #expect(await ask(ann, "INFO").contains("  Email: a@example.com"))
        #expect(await ask(ann, "SET EMAIL a@example.com") == ["a@example.com is proved already"])
        // There was none before that could be told.
        #expect(test.mailbox.addresses == ["a@example.com"])
        _ = await ask(ann, "SET EMAIL b@example.com")
        _ = await ask(ann, "VERIFYEMAIL \(mailed)")
        #expect(test.mailbox.addresses == ["a@example.com", "b@example.com", "a@example.com"])
        #expect(test.mailbox.last?.contains("has another email address from now on") == true)
        #expect(try await settings("ann")?.provedEmail == "b@example.com")
    }

    @Test func anAddressThatIsNotProvedIsShownSo() async throws {
        let test = try await TestWorld { $0.accounts.needsEmail = false }
        let ann = await test.join("ann")
        await ann.send("NS REGISTER longenough a@example.com")
        let info = ServiceDeskTests.said(await ann.ask("NS INFO"), "NickServ").first { $0.contains("Email") }
        #expect(
            info == "  Email: a@example.com (not proved, so no code for another password goes there; SET EMAIL a@example.com proves it)")
        // Nor does it keep others from it.
        let bob = await test.join("bob")
        #expect(await bob.ask("REGISTER * a@example.com longenough").first?.contains("SUCCESS") == true)
    }

    @Test func whatCannotBeIsSaid() async throws {
        let ann = try await test.logIn("ann")
        for address in ["nonsense", "a@b", "a@example.com\u{7}", "-f@example.com"] {
            #expect(await ask(ann, "SET EMAIL \(address)") == ["A valid email address is needed"])
        }
        let bob = try await test.logIn("bob")
        _ = await ask(bob, "SET EMAIL b@example.com")
        let late = mailed
        _ = await ask(bob, "VERIFYEMAIL \(late)")
        #expect(await ask(ann, "SET EMAIL B@example.com") == ["This address belongs to another account"])
        let password = try #require(await ask(ann, "DEVICE ADD phone").first?.split(separator: " ").last)
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password)")
        for command in ["SET EMAIL a@example.com", "VERIFYEMAIL x"] {
            #expect(await ask(phone, command).first?.hasPrefix("You are logged in with a device password") == true)
        }
        let guest = await test.join("guest")
        #expect(await ask(guest, "SET EMAIL a@example.com") == ["You must be logged in to an account to use SET"])
    }

    @Test func whoeverProvesItFirstHasIt() async throws {
        let (ann, bob) = (try await test.logIn("ann"), try await test.logIn("bob"))
        _ = await ask(ann, "SET EMAIL x@example.com")
        let anns = mailed
        _ = await ask(bob, "SET EMAIL x@example.com")
        // The code of one is none for another.
        #expect(await ask(bob, "VERIFYEMAIL \(anns)") == ["The code is wrong or too old"])
        #expect(await ask(ann, "VERIFYEMAIL \(anns)").first?.hasPrefix("x@example.com is the address of ann") == true)
        #expect(await ask(bob, "VERIFYEMAIL \(mailed)") == ["This address belongs to another account"])
    }

    @Test func codesAreFewAndShort() async throws {
        let ann = try await test.logIn("ann")
        for number in 0..<3 { #expect(await ask(ann, "SET EMAIL a\(number)@example.com").first?.hasPrefix("A code") == true) }
        #expect(await ask(ann, "SET EMAIL a3@example.com") == ["Not more than 3 times an hour"])
        let code = mailed
        for _ in 0..<10 { _ = await ask(ann, "VERIFYEMAIL wrong") }
        #expect(await ask(ann, "VERIFYEMAIL \(code)").first?.hasPrefix("a2@example.com is the address of ann now") == true)
        test.clock.advance(by: .seconds(3600))
        _ = await ask(ann, "SET EMAIL a@example.com")
        test.clock.advance(by: .seconds(86_400))
        #expect(await ask(ann, "VERIFYEMAIL \(mailed)") == ["The code is wrong or too old"])
        // Nor do many write to one.
        for nick in ["b", "c", "d", "e"] {
            let client = try await test.logIn(nick)
            #expect(await ask(client, "SET EMAIL x@example.com").first?.hasPrefix(nick == "e" ? "Not more" : "A code") == true)
        }
        for _ in 0..<20 { _ = await ask(ann, "VERIFYEMAIL wrong") }
        #expect(await ask(ann, "VERIFYEMAIL wrong") == ["Too many codes, try again later"])
    }

    @Test func anotherAddressMakesTheCodeInTheOldMailboxVoid() async throws {
        let ann = try await test.logIn("ann")
        _ = await ask(ann, "SET EMAIL a@example.com")
        _ = await ask(ann, "VERIFYEMAIL \(mailed)")
        _ = await ask(ann, "SENDPASS ann")
        let words = test.mailbox.last?.split(separator: "\n").first { $0.contains("RESETPASS") }?.split(separator: " ")
        let code = try #require(words?.dropLast().last)
        _ = await ask(ann, "SET EMAIL b@example.com")
        _ = await ask(ann, "VERIFYEMAIL \(mailed)")
        #expect(await ask(ann, "RESETPASS ann \(code) longenough") == ["The code is wrong or too old"])
    }

    @Test func oneCorrectsTheSpellingOfWhatIsProved() async throws {
        let ann = try await test.logIn("ann")
        _ = await ask(ann, "SET EMAIL Ann@example.com")
        _ = await ask(ann, "VERIFYEMAIL \(mailed)")
        #expect(await ask(ann, "SET EMAIL ann@example.com") == ["A code is on its way to ann@example.com: VERIFYEMAIL <code>"])
        #expect(await ask(ann, "VERIFYEMAIL \(mailed)").first?.hasPrefix("ann@example.com is the address of ann now") == true)
        #expect(try await settings("ann")?.provedEmail == "ann@example.com")
        // It is one mailbox, which has the codes and needs no more.
        #expect(test.mailbox.addresses == ["Ann@example.com", "ann@example.com"])
    }

    @Test func anAddressThatWasNeverProvedIsToldNothing() async throws {
        let ann = try await test.logIn("ann")
        _ = try await test.accounts.changeSettings(name: "ann") { ($0.email, $0.emailIsProved) = ("somebody@example.com", false) }
        _ = await ask(ann, "SET EMAIL a@example.com")
        #expect(await ask(ann, "VERIFYEMAIL \(mailed)").first?.hasPrefix("a@example.com is the address of ann now") == true)
        #expect(test.mailbox.addresses == ["a@example.com"])
    }

    @Test func whyThereIsNoCodeIsSaid() async throws {
        let ann = try await test.logIn("ann")
        test.mailbox.setBroken(true)
        #expect(await ask(ann, "SET EMAIL a@example.com") == ["This could not be done, try again in a moment"])
        test.mailbox.setBroken(false)
        for number in 0..<1000 {
            let code = MailedCode(.email, ofAccount: "n\(number)", hash: TypedCode.hash("x"))
            #expect(try await test.accounts.open(code, now: test.clock.wallMilliseconds, limit: 1000) == .opened)
        }
        #expect(await ask(ann, "SET EMAIL a@example.com") == ["Too many people wait for codes now, try again in an hour"])
        #expect(test.mailbox.addresses.isEmpty)
    }
}
