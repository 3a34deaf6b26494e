package import ATProto
package import Foundation

/// What a SASL exchange brings to light, still to be checked.
package enum Credential: Sendable, Equatable {
    case plain(account: String, password: String)
    /// A password that the client has without telling it.
    case scram(ScramProof)
    /// A signature over the challenge as it was sent.
    case signature(did: DID, signature: Data, challenge: Data)
    /// The lower-case hex SHA-256 of the client's TLS certificate, and the account that it wants; nil: whichever it opens.
    case certificate(String, account: String?)
    /// A single-use token of the login broker.
    case webToken(String)
    /// A token that the person's own server made for this one; nil: whoever it names.
    case serviceToken(String, authorization: String?)
    /// A token that opens the account of the person at its own server.
    case pdsToken(PDSToken)
    /// A single-use token, or one made for this server, and the name that the client wants to act as.
    case bearer(String, authorization: String?)
}
