package import Foundation
import GRDB

/// Accounts that wait for a code which was sent by mail.
extension AccountStore {
    /// How an attempt to make an account with such a code ended.
    package enum ConfirmedCreation: Sendable, Equatable {
        case created
        /// The code is wrong, or void by now.
        case void
        /// The name is taken, or was that of an account that is deleted.
        case exists
        /// Another account has proved the address meanwhile.
        case addressTaken
        /// The invite code is used up by now, revoked or too old.
        case notInvited
    }

    private struct Refused: Error {
        let outcome: ConfirmedCreation
    }

    /// Adds an account whose address a code has proved, and counts one use of an invite code: all or nothing. The code is void when the
    /// account is made, and only then.
    ///
    /// - Parameters:
    ///   - hash: of the invite code; nil: none is needed.
    ///   - now: milliseconds since 1970.
    package func create(
        _ account: AccountRecord, confirmedBy code: MailedCode, invitedBy hash: Data?, now: Int64
    ) async throws -> ConfirmedCreation {
        do {
            return try await database.writer.write { db in
                guard try Self.spend(code, now: now, db) else { return .void }
                // From here on, what is thrown takes everything back.
                if let email = account.settings.email, try Self.isKnown(email: email, except: "", db) {
                    throw Refused(outcome: .addressTaken)
                }
                guard try Self.insert(account, db) else { throw Refused(outcome: .exists) }
                if let hash, try !Self.useInviteCode(hash, now: now, db) { throw Refused(outcome: .notInvited) }
                return .created
            }
        } catch let refused as Refused {
            return refused.outcome
        }
    }
}
