import Accounts
import Foundation
import IRCProtocol

/// What somebody who wants an account asks for, checked as far as that goes without looking at the other accounts.
struct AccountRequest: Sendable {
    let name: AccountName
    let password: String
    /// Nil: none was given.
    let email: String?
    /// The hash of the invite code; nil: none is needed.
    let invite: Data?

    /// Why it cannot be: the code of draft/account-registration and a text for people.
    struct Refusal: Error, Equatable {
        let code: FailCode
        let text: String

        /// Only those who have one get in from there.
        static let notFromHere = Refusal(
            code: .temporarilyUnavailable, text: "No accounts are made from your address; log in to one that you have")

        /// The server is attacked.
        static let closedForNow = Refusal(code: .temporarilyUnavailable, text: "No accounts are made for now, try again later")
    }

    /// - Parameters:
    ///   - email: `*` for none.
    ///   - invite: the code, which counts only where one is needed.
    init(name: String, password: String, email: String, invite: String? = nil, _ rules: ServerConfiguration.Accounts) throws(Refusal) {
        guard rules.registration != .off else {
            throw Refusal(code: .temporarilyUnavailable, text: "Accounts with a password cannot be made here")
        }
        guard let name = AccountName(name), Service.named(name.text) == nil else {
            throw Refusal(
                code: .badAccountName,
                text: "An account name has up to \(AccountName.maximumLength) letters, digits and -_[]\\`^{}|, and no digit or hyphen first"
            )
        }
        try PasswordRule(minimum: rules.passwordLength).check(password, of: name.text)
        guard rules.registration != .invite || invite?.isEmpty == false else {
            throw Refusal(code: .invalidCode, text: "An invite code of an operator is needed, behind the password and the address")
        }
        let isGiven = email != "*" && !email.isEmpty
        guard isGiven ? Self.isAddress(email) : !rules.needsEmail else {
            throw Refusal(code: .invalidEmail, text: "A valid email address is needed")
        }
        (self.name, self.password, self.email) = (name, password, isGiven ? email : nil)
        self.invite = rules.registration == .invite ? TypedCode.hash(invite ?? "") : nil
    }

    /// Something at a domain, and nothing that could be more than an address in the head of a mail.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"<>(),;:\\\"[]".utf8.contains(byte)
        }
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && text.utf8.count <= 254 && isPlain
            && !text.hasPrefix("-")
    }
}
