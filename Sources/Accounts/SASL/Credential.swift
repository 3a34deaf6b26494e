package import ATProto
package import Foundation

/// What a SASL exchange brings to light, still to be checked.
package enum Credential: Sendable, Equatable {
    case plain(account: String, password: String)
    /// A signature over the challenge as it was sent.
    case signature(did: DID, signature: Data, challenge: Data)
    /// A single-use token of the login broker.
    case webToken(String)
}
