import ATProto
import Crypto
import Foundation

/// Which browser a login belongs to. Whoever is led to end a login that another one began would be signed in as that one.
package struct BrowserMark: Sendable {
    /// A new mark: 32 random bytes in base64url.
    package static func make() -> String { RandomToken.make() }

    private let hash: SHA256Digest?
    private let mayBeMissing: Bool

    /// - Parameters:
    ///   - mark: what the browser that began it shows (a cookie); nil: any browser may end it.
    ///   - mayBeMissing: whether a browser without a mark may end it: the one of an app may have lost it.
    init(_ mark: String?, mayBeMissing: Bool) {
        hash = mark.map { SHA256.hash(data: Data($0.utf8)) }
        self.mayBeMissing = mayBeMissing
    }

    /// Whether the browser that shows `mark` may end the login.
    func admits(_ mark: String?) -> Bool {
        guard let hash else { return true }
        guard let mark else { return mayBeMissing }
        return SHA256.hash(data: Data(mark.utf8)) == hash
    }
}
