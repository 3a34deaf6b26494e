import Crypto
import Foundation

/// The proof that the one who redeems a code is the one who asked for it (RFC 7636, method S256). New for every login.
package struct PKCE: Sendable {
    /// 43 characters; stays here until the code is redeemed.
    package let verifier: String

    /// Base64url SHA-256 of ``verifier``, 43 characters; goes out with the authorization request.
    package var challenge: String { Base64URL.encode(Data(SHA256.hash(data: Data(verifier.utf8)))) }

    /// A new verifier.
    package init() {
        verifier = RandomToken.make()
    }

    /// - Parameter verifier: 43 to 128 unreserved characters.
    init(verifier: String) {
        self.verifier = verifier
    }
}
