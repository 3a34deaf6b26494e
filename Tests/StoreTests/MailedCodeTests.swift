import Foundation
import GRDB
import Testing

@testable import Store

/// Codes that were sent by mail.
@Suite struct MailedCodeTests {
    private let accounts: AccountStore

    init() throws {
        accounts = AccountStore(try RoostDatabase.inMemory())
    }

    private func mailed(_ secret: UInt8, _ name: String = "ann", _ purpose: MailedCode.Purpose = .reset) -> MailedCode {
        MailedCode(purpose, ofAccount: name, hash: Data([secret]))
    }

    @Test func wrongCodesDoNotMakeTheRightOneVoid() async throws {
        #expect(try await accounts.open(mailed(1), document: Data([7]), now: 0, limit: 1) == .opened)
        for _ in 0..<100 { #expect(try await accounts.document(of: mailed(2), now: 0) == nil) }
        #expect(try await accounts.document(of: mailed(1, "bob"), now: 0) == nil)
        #expect(try await accounts.document(of: mailed(1, "ann", .email), now: 0) == nil)
        #expect(try await accounts.document(of: mailed(1, "ANN"), now: 3_599_999) == Data([7]))
        #expect(try await accounts.document(of: mailed(1), now: 3_600_000) == nil)
    }

    @Test func anEarlierCodeIsLeftForAWhile() async throws {
        func open(_ secret: UInt8, now: Int64, pause: Int64 = 10) async throws -> AccountStore.CodeOpening {
            try await accounts.open(mailed(secret), now: now, pause: pause, limit: 1)
        }
        #expect(try await open(1, now: 1000) == .opened)
        #expect(try await open(2, now: 1009) == .isYoung)
        #expect(try await accounts.document(of: mailed(1), now: 1009) != nil)
        #expect(try await open(2, now: 1010) == .opened)
        #expect(try await accounts.document(of: mailed(1), now: 1010) == nil)
        // The clock was set back.
        #expect(try await open(3, now: 500) == .opened)
        #expect(try await open(4, now: 500, pause: 0) == .opened)
        // One that was replaced is gone already; the right one makes room.
        try await accounts.withdraw(mailed(3))
        #expect(try await open(5, now: 500) == .isYoung)
        try await accounts.withdraw(mailed(4))
        #expect(try await open(5, now: 500) == .opened)
    }

    @Test func soManyAccountsHaveACode() async throws {
        func open(_ name: String, _ purpose: MailedCode.Purpose = .reset, now: Int64 = 0) async throws -> AccountStore.CodeOpening {
            try await accounts.open(mailed(1, name, purpose), now: now, limit: 2)
        }
        for name in ["ann", "bob"] { #expect(try await open(name) == .opened) }
        #expect(try await open("carl") == .tooMany)
        // One more for the same is in its place; other purposes have room of their own.
        #expect(try await open("bob") == .opened)
        #expect(try await open("carl", .email) == .opened)
        #expect(try await open("carl", now: 3_600_000) == .opened)
    }

    @Test func codesThatAreOverAreDeleted() async throws {
        _ = try await accounts.open(mailed(1, "new"), now: 1, limit: 2)
        _ = try await accounts.open(mailed(1, "old"), now: 0, limit: 2)
        #expect(try await accounts.pruneCodes(now: 3_599_999) == 0)
        #expect(try await accounts.pruneCodes(now: 3_600_000) == 1)
        #expect(try await accounts.document(of: mailed(1, "old"), now: 0) == nil)
        #expect(try await accounts.document(of: mailed(1, "new"), now: 0) != nil)
    }
}
