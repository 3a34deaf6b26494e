import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Accounts for the invited only (`accounts.registration = "invite"`).
@Suite @LoopActor struct InviteCodeTests {
    let test: TestWorld

    init() async throws {
        test = try await TestWorld {
            $0.accounts.registration = .invite
            $0.accounts.perHour = 100
        }
    }

    private func administer(_ text: String) async throws -> [String] {
        try await test.administer("NickServ", text)
    }

    private func code(_ parameters: String = "") async throws -> String {
        String(try #require(try await administer("INVITECODE ADD \(parameters)").first?.split(separator: " ").last))
    }

    @Test func aCodeMakesSoManyAccounts() async throws {
        let code = try await code("2")
        #expect(code.utf8.count == 16)
        let (ann, bob, carol) = (await test.join("ann"), await test.join("bob"), await test.join("carol"))
        #expect(await ann.ask("REGISTER * * longenough").first?.contains("FAIL REGISTER INVALID_CODE ann") == true)
        #expect(await ann.ask("REGISTER * * longenough nonsense").first?.contains("FAIL REGISTER INVALID_CODE ann") == true)
        #expect(await ann.ask("REGISTER * * longenough \(code)").first?.contains("REGISTER SUCCESS ann") == true)
        #expect(await bob.ask("NS REGISTER longenough * \(code.uppercased())").contains { $0.contains("Your account is bob") })
        #expect(await carol.ask("REGISTER * * longenough \(code)").first?.contains("FAIL REGISTER INVALID_CODE carol") == true)
        #expect(try await test.accounts.find(name: "carol") == nil)
        #expect(try await administer("INVITECODE LIST").first?.contains("1  used 2 of 2, by a test") == true)
    }

    @Test func twoAtOnceDoNotBothTakeTheLastUse() async throws {
        let code = TypedCode.hash(try await code())
        let accounts = test.accounts
        let outcomes = try await withThrowingTaskGroup(of: AccountStore.InvitedCreation.self) { group in
            for index in 0..<8 {
                group.addTask { try await accounts.create(AccountRecord(name: "n\(index)", createdAt: 0), invitedBy: code, now: 0) }
            }
            var outcomes: [AccountStore.InvitedCreation] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.count { $0 == .created } == 1 && outcomes.count { $0 == .notInvited } == 7)
        #expect(try await accounts.list(matching: "n*", limit: 10).count == 1)
        // A name that is taken costs no use.
        let other = TypedCode.hash(try await self.code())
        try await test.addAccount("bob", password: "secret")
        #expect(try await accounts.create(AccountRecord(name: "bob", createdAt: 0), invitedBy: other, now: 0) == .exists)
        #expect(try await accounts.isInvited(hash: other, now: 0))
    }

    @Test func codesEnd() async throws {
        let (short, revoked, long) = (try await code("5 1"), try await code(), try await code("1 0"))
        #expect(try await administer("INVITECODE DEL 2") == ["Invite code 2 is void"])
        #expect(try await administer("INVITECODE DEL 2") == ["There is no invite code 2"])
        test.clock.advance(by: .seconds(86_400))
        let ann = await test.join("ann")
        for code in [short, revoked] {
            #expect(await ann.ask("REGISTER * * longenough \(code)").first?.contains("INVALID_CODE") == true)
        }
        #expect(await ann.ask("REGISTER * * longenough \(long)").first?.contains("SUCCESS") == true)
    }

    @Test func codesAreBoundedAndForOperators() async throws {
        for uses in ["0", "10001", "x", "99999999999999999999", "1 -1", "1 3651"] {
            #expect(try await administer("INVITECODE ADD \(uses)").first?.hasPrefix("A code is good for 1 to 10000") == true)
        }
        let ann = await test.join("ann")
        #expect(await ann.ask("NS INVITECODE LIST").first?.contains("for operators") == true)
        for index in 0..<3 {
            let number = try await test.accounts.addInviteCode(
                hash: TypedCode.hash("\(index)"), useLimit: 1, by: "x", expiresAt: index == 0 ? 10 : nil, now: 0, limit: 3)
            #expect(number == Int64(index + 1))
        }
        let full = try await test.accounts.addInviteCode(hash: TypedCode.hash("a"), useLimit: 1, by: "x", expiresAt: nil, now: 9, limit: 3)
        #expect(full == nil)
        let next = try await test.accounts.addInviteCode(hash: TypedCode.hash("a"), useLimit: 1, by: "x", expiresAt: nil, now: 10, limit: 3)
        #expect(next == 4)
    }

    @Test func whoIsNotInvitedLearnsNothingOfAddresses() async throws {
        try await test.addAccount("ann", password: "secret")
        _ = try await test.accounts.changeSettings(name: "ann") {
            $0.email = "a@example.com"
            $0.emailIsProved = true
        }
        let bob = await test.join("bob")
        let code = try await code()
        for invite in ["", "wrong"] {
            for address in ["a@example.com", "other@example.com", "nonsense"] {
                let answer = await bob.ask("REGISTER * \(address) longenough \(invite)")
                #expect(answer.first?.contains("FAIL REGISTER INVALID_CODE bob") == true || address == "nonsense" && invite == "wrong")
            }
        }
        #expect(await bob.ask("REGISTER * a@example.com longenough \(code)").first?.contains("UNACCEPTABLE_EMAIL") == true)
        #expect(await bob.ask("REGISTER * nonsense longenough \(code)").first?.contains("INVALID_EMAIL") == true)
    }

    @Test func itIsCountedWhenTheMailIsAnswered() async throws {
        let test = try await TestWorld {
            $0.accounts.registration = .invite
            $0.accounts.needsEmail = true
        }
        let invite = String(
            try #require(try await test.administer("NickServ", "INVITECODE ADD").first?.split(separator: " ").last))
        let (ann, bob) = (await test.join("ann"), await test.join("bob"))
        func mailed() -> String {
            test.mailbox.last?.split(separator: "\n").first { $0.contains("VERIFY") }?.split(separator: " ").last.map(String.init) ?? ""
        }
        #expect(await ann.ask("REGISTER * a@example.com longenough wrong").first?.contains("INVALID_CODE") == true)
        #expect(test.mailbox.last == nil)
        #expect(await ann.ask("REGISTER * a@example.com longenough \(invite)").first?.contains("VERIFICATION_REQUIRED") == true)
        let first = mailed()
        #expect(await bob.ask("REGISTER * b@example.com longenough \(invite)").first?.contains("VERIFICATION_REQUIRED") == true)
        #expect(await bob.ask("VERIFY bob \(mailed())").first?.contains("VERIFY SUCCESS bob") == true)
        #expect(await ann.ask("VERIFY ann \(first)").first?.contains("FAIL VERIFY INVALID_CODE ann") == true)
    }
}
