import Crypto
import Foundation

/// What a form carries so that only the browser which was shown it can send it. It follows from the browser's cookie, which other
/// pages do not know.
struct FormCheck {
    /// What the form carries.
    let text: String

    /// - Parameters:
    ///   - cookie: the value of the cookie.
    ///   - purpose: what the form is for; the check of one form is none for another.
    init(_ cookie: String, for purpose: String) {
        text = SHA256.hash(data: Data("form \(purpose) \(cookie)".utf8)).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }

    /// Whether a form with `shown` is the one.
    func admits(_ shown: String?) -> Bool {
        SHA256.hash(data: Data((shown ?? "").utf8)) == SHA256.hash(data: Data(text.utf8))
    }
}
