import Foundation
import GRDB
import Testing

@testable import Store

/// Accounts that are made when a code comes back: all of it happens, or nothing.
@Suite struct ConfirmingTests {
    private let database: RoostDatabase
    private let accounts: AccountStore
    private let invite = Data([9])

    init() async throws {
        database = try RoostDatabase.inMemory()
        accounts = AccountStore(database)
        _ = try await accounts.addInviteCode(hash: invite, useLimit: 1, by: "root", expiresAt: nil, now: 0, limit: 1)
    }

    /// A code for an account that is to be made.
    private func waiting(_ name: String) async throws -> MailedCode {
        let code = MailedCode(.registration, ofAccount: name, hash: Data(name.utf8))
        #expect(try await accounts.open(code, now: 0, limit: 100) == .opened)
        return code
    }

    private func record(_ name: String, _ email: String) -> AccountRecord {
        var record = AccountRecord(name: name, createdAt: 0)
        (record.settings.email, record.settings.emailIsProved) = (email, true)
        return record
    }

    private func execute(_ sql: String) async throws {
        try await database.writer.write { db in try db.execute(sql: sql) }
    }

    @Test func aDatabaseThatFailsLeavesTheCode() async throws {
        let code = try await waiting("ann")
        try await execute("CREATE TRIGGER broken BEFORE INSERT ON account BEGIN SELECT RAISE(ABORT, 'broken'); END")
        await #expect(throws: DatabaseError.self) {
            try await accounts.create(record("ann", "a@example.com"), confirmedBy: code, invitedBy: invite, now: 1)
        }
        #expect(try await accounts.document(of: code, now: 1) != nil)
        try await execute("DROP TRIGGER broken")
        #expect(try await accounts.create(record("ann", "a@example.com"), confirmedBy: code, invitedBy: invite, now: 1) == .created)
        #expect(try await !accounts.isInvited(hash: invite, now: 1))
        #expect(try await accounts.create(record("ann", "a@example.com"), confirmedBy: code, invitedBy: nil, now: 1) == .void)
    }

    @Test func anAddressGivesOneAccount() async throws {
        var pending: [(account: AccountRecord, code: MailedCode)] = []
        for number in 0..<8 {
            let code = try await waiting("n\(number)")
            pending.append((record("n\(number)", number % 2 == 0 ? "x@example.com" : "X@example.com"), code))
        }
        let outcomes = try await withThrowingTaskGroup(of: AccountStore.ConfirmedCreation.self) { group in
            for (account, code) in pending {
                group.addTask { [accounts] in try await accounts.create(account, confirmedBy: code, invitedBy: nil, now: 1) }
            }
            var outcomes: [AccountStore.ConfirmedCreation] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.count { $0 == .created } == 1 && outcomes.count { $0 == .addressTaken } == 7)
        #expect(try await accounts.list(matching: "n*", limit: 10).count == 1)
    }

    @Test func whatIsRefusedIsNotHalfDone() async throws {
        let (ann, bob) = (try await waiting("ann"), try await waiting("bob"))
        #expect(try await accounts.create(record("ann", "a@example.com"), confirmedBy: ann, invitedBy: invite, now: 1) == .created)
        // Used up meanwhile.
        #expect(try await accounts.create(record("bob", "b@example.com"), confirmedBy: bob, invitedBy: invite, now: 1) == .notInvited)
        #expect(try await accounts.find(name: "bob") == nil)
        #expect(try await accounts.document(of: bob, now: 1) != nil)
        // A name that is taken.
        let again = try await waiting("ann")
        #expect(try await accounts.create(record("ann", "c@example.com"), confirmedBy: again, invitedBy: nil, now: 1) == .exists)
        // A code that is wrong, or over.
        let wrong = MailedCode(.registration, ofAccount: "bob", hash: Data([0]))
        #expect(try await accounts.create(record("bob", "b@example.com"), confirmedBy: wrong, invitedBy: nil, now: 1) == .void)
        #expect(try await accounts.create(record("bob", "b@example.com"), confirmedBy: bob, invitedBy: nil, now: 86_400_000) == .void)
        #expect(try await accounts.find(name: "bob") == nil)
    }

    @Test func theAccountItselfMayHaveTheAddress() async throws {
        _ = try await accounts.create(record("ann", "A@example.com"))
        #expect(try await accounts.isKnown(email: "a@EXAMPLE.com"))
        #expect(try await !accounts.isKnown(email: "a@example.com", except: "ANN"))
        #expect(try await accounts.isKnown(email: "a@example.com", except: "bob"))
        _ = try await accounts.changeSettings(name: "ann") { $0.emailIsProved = false }
        #expect(try await !accounts.isKnown(email: "a@example.com"))
    }

    @Test func addressesAreFoundByAnIndex() async throws {
        let plan = try await database.writer.read { db in
            let rows = try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + AccountStore.provedEmailQuery, arguments: ["a", ""])
            return rows.map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("USING INDEX account_proved_email") }, "\(plan)")
    }

    @Test func anAccountIsSuspendedWithItsReason() async throws {
        _ = try await accounts.create(record("ann", "a@example.com"))
        try await execute("CREATE TRIGGER broken BEFORE UPDATE OF is_suspended ON account BEGIN SELECT RAISE(ABORT, 'broken'); END")
        await #expect(throws: DatabaseError.self) { try await accounts.suspend(name: "ann", reason: "rude") }
        #expect(try await accounts.find(name: "ann")?.settings.suspensionReason == nil)
        try await execute("DROP TRIGGER broken")
        try await accounts.suspend(name: "ANN", reason: "rude")
        var account = try await accounts.find(name: "ann")
        #expect(account?.isSuspended == true && account?.settings.suspensionReason == "rude")
        try await accounts.unsuspend(name: "ann")
        account = try await accounts.find(name: "ann")
        #expect(account?.isSuspended == false && account?.settings.suspensionReason == nil)
    }
}
