import Accounts
import IRCProtocol

/// What the password of an account may be.
struct PasswordRule {
    /// Bytes at least.
    let minimum: Int

    func check(_ password: String, of account: String) throws(AccountRequest.Refusal) {
        guard password.utf8.count <= PasswordHasher.maximumPasswordLength, password != "*" else {
            throw AccountRequest.Refusal(
                code: .unacceptablePassword, text: "A password has at most \(PasswordHasher.maximumPasswordLength) bytes and is not *")
        }
        guard password.utf8.count >= minimum, CaseMapping.fold(password) != CaseMapping.fold(account) else {
            throw AccountRequest.Refusal(
                code: .weakPassword, text: "A password has at least \(minimum) bytes and is not the name of the account")
        }
    }
}
