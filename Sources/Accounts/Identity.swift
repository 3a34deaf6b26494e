package import ATProto
package import Store

/// Who is logged in.
package struct Identity: Sendable, Hashable {
    /// The account name on the wire: a DID, or the name of a local account.
    package var account: String
    package var did: DID?
    /// Verified in both directions; for display only.
    package var handle: Handle?
    package var isOperator: Bool
    package var settings: AccountSettings
    /// Which of several devices this is (`account@device`), for what it missed; nil: none was named.
    package var device: String?
    /// The login at the broker that this one rests on; nil: it rests on none.
    package var webLogin: String?
    /// The id of the device password that this login rests on; nil: it rests on none.
    package var devicePassword: String?
    /// When that one expires, milliseconds since 1970; nil: it does not.
    package var devicePasswordEnds: Int64?
    /// What was shown to log in.
    package var proof = Proof.credential

    /// What a login rests on.
    package enum Proof: Sendable, Hashable {
        /// The DID: what ends it, or takes it off the account, ends this login.
        case identity
        /// The password of the account that has this hash: another one ends it.
        case password(hash: String)
        /// The certificate with this SHA-256 fingerprint: when it is taken off the account, the login ends.
        case certificate(String)
        /// A device password; see ``Identity/devicePassword``.
        case credential
    }

    /// Whether the account has a name of its own, perhaps with a DID linked to it.
    package var isLocal: Bool { did?.text != account }

    package init(
        account: String, did: DID? = nil, handle: Handle? = nil, isOperator: Bool = false, settings: AccountSettings = AccountSettings()
    ) {
        (self.account, self.did, self.handle, self.isOperator, self.settings) = (account, did, handle, isOperator, settings)
    }

    /// - Parameter handle: verified in both directions.
    package init(_ record: AccountRecord, handle: Handle? = nil) {
        self.init(
            account: record.name, did: record.did.flatMap { DID($0) }, handle: handle, isOperator: record.isOperator,
            settings: record.settings)
    }
}
