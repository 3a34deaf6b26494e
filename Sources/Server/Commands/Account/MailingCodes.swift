import Accounts
import Foundation
import Store

/// Codes of one purpose that count at once.
private let codeLimit = 1000

extension World.Services {
    /// Sends a code to an address, after what belongs to it is stored.
    ///
    /// - Parameters:
    ///   - document: what is to be done when the code comes back.
    ///   - life: how long it counts, in milliseconds.
    ///   - now: milliseconds since 1970.
    ///   - text: the mail, with the code.
    /// - Throws: ``PasswordHasher/Failure/busy`` when there are too many, or there is no way to send any; errors of the database and of
    ///   the mailer.
    func mailCode(
        _ purpose: MailedCode.Purpose, ofAccount name: String, to address: String, doing document: Data = Data(), life: Int64, now: Int64,
        subject: String, text: (_ code: String) -> String
    ) async throws {
        guard let mail else { throw PasswordHasher.Failure.busy }
        let code = TypedCode.make()
        let isOpen = try await accounts.open(
            MailedCode(purpose, ofAccount: name, hash: TypedCode.hash(code)), document: document, expiresAt: now + life, now: now,
            limit: codeLimit)
        guard isOpen else { throw PasswordHasher.Failure.busy }
        try await mail(address, subject, text(code))
    }
}
