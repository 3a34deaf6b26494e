import Accounts
import Foundation
import Store

/// Why no code was made.
enum CodeRefusal: Error, CustomStringConvertible {
    case noMailer
    case tooMany

    var description: String {
        switch self {
        case .noMailer: "This server sends no mail, so nobody can get a code"
        case .tooMany: "Too many people wait for codes now, try again in an hour"
        }
    }
}

extension World.Services {
    /// Accounts that have a code of one purpose at once.
    private static let codeLimit = 1000

    /// Sends a code to an address, after what belongs to it is stored. When it cannot be sent, it is void.
    ///
    /// - Parameters:
    ///   - document: what is to be done when the code comes back.
    ///   - now: milliseconds since 1970.
    ///   - pause: when an earlier one is younger than that, in milliseconds, it still counts, and none is sent.
    ///   - text: the mail, with the code.
    /// - Throws: ``CodeRefusal``; errors of the database and of the mailer.
    func sendCode(
        _ purpose: MailedCode.Purpose, ofAccount name: String, to address: String, doing document: Data = Data(), now: Int64,
        pause: Int64 = 0, subject: String, text: (_ code: String) -> String
    ) async throws {
        guard let mail else { throw CodeRefusal.noMailer }
        let secret = TypedCode.make()
        let code = MailedCode(purpose, ofAccount: name, hash: TypedCode.hash(secret))
        switch try await accounts.open(code, document: document, now: now, pause: pause, limit: Self.codeLimit) {
        case .opened: break
        case .isYoung: return
        case .tooMany: throw CodeRefusal.tooMany
        }
        do {
            try await mail(address, subject, text(secret))
        } catch {
            // Nobody has it: it must not keep another one from being sent.
            try? await accounts.withdraw(code)
            throw error
        }
    }
}
