/// The answer of `POST /session` (freeq-wire 1.9).
package struct SessionAnswer: Hashable, Sendable, Encodable {
    /// A web token for SASL; never empty.
    package let token: String
    /// The nickname to ask for.
    package let nick: String
    /// The account.
    package let did: String
    /// The verified handle, or ``Handle/invalid``.
    package let handle: String
}
