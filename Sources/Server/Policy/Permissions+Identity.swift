import ATProto
package import Accounts
import IRCProtocol
import MainLoop

/// Somebody who may be on a server that is not for everybody.
package enum AllowedIdentity: Sendable, Hashable {
    case did(String)
    /// Whose verified handle is this name, or lies below it.
    case domain(String)
    /// A local account, by folded name.
    case account(String)

    /// - Parameter text: a DID, a domain or the name of an account, as it stands in the configuration.
    package init(_ text: String) {
        if text.hasPrefix("did:") {
            self = .did(text)
        } else if text.contains(".") {
            self = .domain(text.lowercased())
        } else {
            self = .account(CaseMapping.fold(text))
        }
    }

    /// Whether this entry is about somebody.
    package func includes(_ identity: Identity) -> Bool {
        switch self {
        case .did(let did): identity.did?.text == did
        case .domain(let domain): identity.handle.map { $0.text == domain || $0.text.hasSuffix("." + domain) } ?? false
        case .account(let account): CaseMapping.fold(identity.account) == account
        }
    }
}

/// What an identity is worth.
extension Permissions {
    /// Whether somebody may be on the server at all. A server with a list is for those on it, and its operators.
    static func enter(as identity: Identity?, _ configuration: ServerConfiguration) -> Bool {
        let allowed = configuration.accounts.allowed
        guard !allowed.isEmpty else { return true }
        guard let identity else { return false }
        return operate(as: identity, configuration) || allowed.contains { $0.includes(identity) }
    }

    /// Whether the class of a connection lets it in without a login.
    static func enterClass(_ session: Session) -> Bool {
        session.rules.connectionClass?.requiresLogin != true || session.client.identity != nil
    }

    /// Whether an account may have a password: that of a DID only where the operator of the server allows it.
    static func havePassword(isLocal: Bool, _ configuration: ServerConfiguration) -> Bool {
        isLocal || configuration.accounts.didPasswords
    }

    /// Whether what somebody showed to log in counts for the account.
    static func logIn(with identity: Identity, _ configuration: ServerConfiguration) -> Bool {
        rest(on: identity.proof, as: identity, configuration)
    }

    /// Whether a connection may rest on what it showed when it logged in as `identity`.
    static func rest(on proof: Identity.Proof?, as identity: Identity, _ configuration: ServerConfiguration) -> Bool {
        guard case .password? = proof else { return true }
        return havePassword(isLocal: identity.isLocal, configuration)
    }

    /// Why a credential is not even looked at; nil: it is. What opens an account elsewhere is taken where the operator wants that, and
    /// where nobody can read it on the way.
    static func refusal(of credential: Credential, over peer: Peer, _ configuration: ServerConfiguration) -> SASLFailure? {
        guard case .pdsToken = credential else { return nil }
        guard configuration.accounts.pdsMethods else { return .methodRefused }
        return peer.isSecure ? nil : .insecure
    }

    /// Whether somebody is an operator of the server by who it is. The password of a device is for talking only.
    static func operate(as identity: Identity, _ configuration: ServerConfiguration) -> Bool {
        guard identity.devicePassword == nil else { return false }
        return identity.isOperator || identity.did.map { configuration.accounts.operators.contains($0.text) } == true
    }
}
