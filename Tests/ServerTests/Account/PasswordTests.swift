import ATProto
import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Passwords of identities, and forgotten ones.
@Suite @LoopActor struct PasswordTests {
    let test: TestWorld

    init() async throws {
        test = try await TestWorld { $0.accounts.didPasswords = true }
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    private func address(_ account: String) async throws {
        _ = try await test.accounts.changeSettings(name: account) {
            $0.email = "a@example.com"
            $0.emailIsProved = true
        }
    }

    /// The code in the newest mail.
    private var mailed: String? {
        test.mailbox.last?.split(separator: "\n").first { $0.contains("RESETPASS") }?.split(separator: " ").dropLast().last.map(String.init)
    }

    @Test func overHTTPTheAddressCountsToo() async throws {
        let ann = try await test.logIn("ann")
        let bearer = test.world.apiBearers.issue(to: ann.session)
        for number in 0..<6 {
            let answer = try await test.world.command("NickServ", "SENDPASS a\(number)", by: .person(bearer: bearer))
            #expect(answer.isRefusal == (number == 5), "\(answer.lines)")
        }
    }

    @Test func anotherPasswordMakesLinksToWhatOneSaidVoid() async throws {
        let ann = try await test.logIn("ann")
        let link = try #require(ServiceDeskTests.said(await ann.ask("HISTSERV EXPORT"), "HistServ").first)
        let token = String(link.split(separator: "=").last ?? "")
        #expect(try await test.world.export(token: token, after: 0) != nil)
        _ = try await test.administer("NickServ", "SAPASSWD ann longenough")
        #expect(try await test.world.export(token: token, after: 0) == nil)
    }

    @Test func anIdentityHasAPasswordWhereThatIsAllowed() async throws {
        let web = await test.logIn("web", did: TestWorld.alice)
        #expect(await ask(web, "PASSWD longenough other") == ["The new password must stand there twice"])
        #expect(await ask(web, "PASSWD short short") == ["A password has at least 8 bytes and is not the name of the account"])
        #expect(await ask(web, "PASSWD longenough longenough") == ["You have a password now: SASL PLAIN and IDENTIFY take it"])
        #expect(await ask(web, "PASSWD another-one another-one").first?.hasPrefix("You have a password:") == true)
        let other = await test.join("other")
        #expect(await ask(other, "IDENTIFY \(TestWorld.alice) longenough") == ["You are logged in as \(TestWorld.alice)"])
        // It dies with the identity.
        let alice = try #require(DID(TestWorld.alice))
        test.identities.verdicts = [alice: .gone("the account was deleted")]
        _ = await test.world.reviewed(alice)
        await test.settle()
        #expect(other.isClosed && web.isClosed)
        // Nor does it count where the operator changed their mind.
        var configuration = test.world.configuration
        configuration.accounts.didPasswords = false
        test.world.reconfigure(configuration)
        let late = await test.join("late")
        #expect(await ask(late, "IDENTIFY \(TestWorld.alice) longenough").first?.contains("password is wrong") == true)
    }

    @Test func takenAwayItClosesWhatRestsOnIt() async throws {
        let web = await test.logIn("web", did: TestWorld.alice)
        _ = await ask(web, "PASSWD longenough longenough")
        let password = try #require(await ask(web, "DEVICE ADD phone").first?.split(separator: " ").last)
        let (other, phone, ann) = (await test.join("other"), await test.join("phone"), try await test.logIn("ann"))
        _ = await ask(other, "IDENTIFY \(TestWorld.alice) longenough")
        _ = await ask(phone, "IDENTIFY \(TestWorld.alice) \(password)")
        var configuration = test.world.configuration
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(!other.isClosed)
        configuration.accounts.didPasswords = false
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(other.isClosed && other.last?.contains("Passwords of AT Protocol accounts do not count here any more") == true)
        #expect(!web.isClosed && !phone.isClosed && !ann.isClosed)
    }

    @Test func withoutThatThereIsNone() async throws {
        let test = try await TestWorld()
        let web = await test.logIn("web", did: TestWorld.alice)
        #expect(await web.ask("NS PASSWD longenough longenough").first?.contains("have no password here") == true)
        #expect(
            try await test.administer("NickServ", "SAPASSWD \(TestWorld.alice) longenough")
                == ["\(TestWorld.alice) logs in with its AT Protocol identity"])
        #expect(try await test.accounts.find(did: TestWorld.alice)?.passwordHash == nil)
    }

    @Test func anotherPasswordClosesWhatRestedOnTheOldOne() async throws {
        let (ann, other) = (try await test.logIn("ann"), await test.join("other"))
        await other.send("NS IDENTIFY ann secret")
        let password = try #require(await ask(ann, "DEVICE ADD phone").first?.split(separator: " ").last)
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password)")
        _ = await ask(ann, "PASSWD secret longenough longenough")
        #expect(other.isClosed && other.last?.contains("The password of this account was changed") == true)
        #expect(!ann.isClosed && !phone.isClosed)
    }

    @Test func aForgottenPasswordIsReset() async throws {
        let ann = try await test.logIn("ann")
        try await address("ann")
        let guest = await test.join("guest")
        let answer = await ask(guest, "SENDPASS ann")
        #expect(answer.count == 1 && answer.first?.hasPrefix("If there is such an account") == true)
        let code = try #require(mailed)
        #expect(await ask(guest, "RESETPASS ann wrong longenough") == ["The code is wrong or too old"])
        #expect(await ask(guest, "RESETPASS ann \(code) short").first?.contains("at least 8 bytes") == true)
        #expect(await ask(guest, "RESETPASS ann \(code) longenough") == ["The password is changed: IDENTIFY ann <new password>"])
        #expect(ann.isClosed)
        #expect(await ask(guest, "RESETPASS ann \(code) longenough") == ["The code is wrong or too old"])
        #expect(await ask(guest, "IDENTIFY ann longenough") == ["You are logged in as ann"])
    }

    @Test func nobodyLearnsWhoIsThere() async throws {
        try await test.addAccount("ann", password: "secret")
        try await test.addAccount("bob", password: "secret")
        _ = try await test.accounts.logIn(did: TestWorld.alice, now: 0)
        try await address("bob")
        try await test.accounts.suspend(name: "bob")
        let guest = await test.join("guest")
        var answers: Set<[String]> = []
        for name in ["ann", "bob", "nobody", TestWorld.alice] { answers.insert(await ask(guest, "SENDPASS \(name)")) }
        #expect(answers.count == 1 && test.mailbox.last == nil)
        #expect(await ask(guest, "RESETPASS nobody x longenough") == ["The code is wrong or too old"])
    }

    @Test func wrongCodesDoNotMakeTheRightOneVoid() async throws {
        try await test.addAccount("ann", password: "secret")
        try await address("ann")
        let (guest, eve) = (await test.join("guest"), await test.join("eve", from: "198.51.100.7"))
        _ = await ask(guest, "SENDPASS ann")
        let code = try #require(mailed)
        for _ in 0..<20 { #expect(await ask(eve, "RESETPASS ann wrong longenough") == ["The code is wrong or too old"]) }
        #expect(await ask(eve, "RESETPASS ann wrong longenough") == ["Too many codes from your address, try again later"])
        #expect(await ask(guest, "RESETPASS ann \(code) longenough").first == "The password is changed: IDENTIFY ann <new password>")
    }

    @Test func nobodyGetsManyCodesAndNobodyTakesThemFromOthers() async throws {
        try await test.addAccount("ann", password: "secret")
        try await address("ann")
        let guest = await test.join("guest")
        _ = await ask(guest, "SENDPASS ann")
        let first = try #require(mailed)
        for number in 1...3 {
            let client = await test.join("eve\(number)", from: "198.51.100.\(number)")
            for _ in 0..<5 { #expect(await ask(client, "SENDPASS ann").first?.hasPrefix("If there is such an account") == true) }
        }
        #expect(test.mailbox.addresses.count == 1)
        // What was sent still counts, and is replaced later.
        let sent = MailedCode(.reset, ofAccount: "ann", hash: TypedCode.hash(first))
        #expect(try await test.accounts.document(of: sent, now: test.clock.wallMilliseconds) != nil)
        test.clock.advance(by: .seconds(1200))
        _ = await ask(guest, "SENDPASS ann")
        let second = try #require(mailed)
        #expect(first != second && test.mailbox.addresses.count == 2)
        #expect(await ask(guest, "RESETPASS ann \(first) longenough") == ["The code is wrong or too old"])
        test.clock.advance(by: .seconds(3600))
        #expect(await ask(guest, "RESETPASS ann \(second) longenough") == ["The code is wrong or too old"])
        for number in 0..<6 {
            let answer = await ask(guest, "SENDPASS ann").first
            #expect((answer == "Not more than 5 times an hour") == (number == 5))
        }
        #expect(test.mailbox.addresses.count == 3)
        // Another password makes a code void.
        try await test.accounts.setPasswordHash("x", name: "ann")
        let last = MailedCode(.reset, ofAccount: "ann", hash: TypedCode.hash(mailed ?? ""))
        #expect(try await test.accounts.document(of: last, now: test.clock.wallMilliseconds) == nil)
    }

    @Test func aMailThatWasNotSentKeepsNoOtherFromBeingSent() async throws {
        try await test.addAccount("ann", password: "secret")
        try await address("ann")
        let guest = await test.join("guest")
        test.mailbox.setBroken(true)
        _ = await ask(guest, "SENDPASS ann")
        #expect(mailed == nil)
        test.mailbox.setBroken(false)
        _ = await ask(guest, "SENDPASS ann")
        #expect(mailed != nil)
    }

    @Test func theOldPasswordMakesNoNewOneWhereThereShallBeNone() async throws {
        let web = await test.logIn("web", did: TestWorld.alice)
        _ = await ask(web, "PASSWD longenough longenough")
        let hash = try #require(try await test.accounts.find(did: TestWorld.alice)?.passwordHash)
        var configuration = test.world.configuration
        configuration.accounts.didPasswords = false
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(await ask(web, "PASSWD longenough another-one another-one").first?.contains("have no password here") == true)
        #expect(try await test.accounts.find(did: TestWorld.alice)?.passwordHash == hash)
    }

    @Test func onlyAProvedAddressGetsACode() async throws {
        try await test.addAccount("ann", password: "secret")
        _ = try await test.accounts.changeSettings(name: "ann") {
            $0.email = "a@example.com"
            $0.emailIsProved = false
        }
        let guest = await test.join("guest")
        #expect(await ask(guest, "SENDPASS ann").first?.hasPrefix("If there is such an account") == true)
        #expect(test.mailbox.last == nil)
        try await address("ann")
        _ = await ask(guest, "SENDPASS ann")
        #expect(mailed != nil)
    }

    @Test func whatStillOpensTheAccountIsTold() async throws {
        let ann = try await test.logIn("ann")
        try await address("ann")
        _ = await ask(ann, "DEVICE ADD phone")
        _ = await ask(ann, "DEVICE ADD old 1")
        test.clock.advance(by: .seconds(86_400))
        _ = await ask(ann, "DEVICE ADD laptop")
        let certificate = String(repeating: "a", count: 64)
        _ = try await test.accounts.add(certificate: certificate, toAccount: "ann", limit: 1, now: 0)
        _ = try await test.accounts.link(did: TestWorld.alice, toAccount: "ann")
        let ways = [
            "2 device passwords still open ann; DEVICE DEL <name> ends one:", "  phone, laptop",
            "1 certificate still opens ann; CERT DEL <fingerprint> ends it:", "  \(certificate)",
            "1 identity still opens ann; UNLINK ends it:", "  \(TestWorld.alice)",
        ]
        #expect(Array(await ask(ann, "PASSWD secret longenough longenough").dropFirst()) == ways)
        let guest = await test.join("guest")
        _ = await ask(guest, "SENDPASS ann")
        let code = try #require(mailed)
        #expect(Array(await ask(guest, "RESETPASS ann \(code) another-one").dropFirst()) == ways)
        // Nobody but its owner sets the password of an account that an identity opens.
        try await test.accounts.takeBack(did: TestWorld.alice, fromAccount: "ann")
        let admin = try await test.administer("NickServ", "SAPASSWD ann longenough")
        #expect(admin.contains("2 device passwords still open ann; FOR ann DEVICE DEL <name> ends one:"))
        #expect(!admin.contains { $0.contains("identity") })
    }
}
