/// What belongs to an account beside its credentials. Fields are nil where nobody decided; then the server's configuration counts.
package struct AccountSettings: Sendable, Codable, Hashable {
    /// Whether its person stays without a connection.
    package var staysOn: Bool?
    /// Whether its person is away while it has no connection.
    package var goesAway: Bool?
    /// Whether several connections share its nickname.
    package var sharesNick: Bool?
    /// Where to write to; seen by its owner and by operators.
    package var email: String?
    /// Whether a code that was sent there has come back; nil: there is no address.
    package var emailIsProved: Bool?
    /// The host that others see, given by an operator.
    package var vhost: String?
    /// Whether the owner does not want the vhost now.
    package var vhostIsOff: Bool?
    /// Why it is suspended.
    package var suspensionReason: String?

    package init() {}

    /// The address, if it is proved.
    package var provedEmail: String? { emailIsProved == true ? email : nil }
}
