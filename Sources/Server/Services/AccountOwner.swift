package import ATProto
import Accounts
import IRCProtocol
import Logging
import MainLoop
package import Store

/// Somebody who was found to own an account, without speaking IRC.
package enum AccountOwner: Sendable, Hashable {
    /// By a login on the web. There may be no account here yet.
    case identity(DID)
    /// The person of the connection that was given this token for the HTTP API.
    case connection(bearer: String)

    /// Why somebody is no owner, or no longer.
    package enum Refusal: Error, Equatable {
        /// The person asks faster than a connection may; there and here count together.
        case tooFast(wait: Duration)
        /// The connection of the token is gone or logged out.
        case notLoggedIn
        /// The connection is logged in with a device password, which can neither make nor end what logs in.
        case devicePassword
    }
}

/// What the owner of an account sees of it.
package struct OwnAccount: Sendable, Hashable {
    package var name: String
    package var did: String?
    /// As far as it is known here without asking anybody.
    package var handle: String?
    /// Whether the identity is linked to an account that has a name of its own.
    package var isLinked: Bool

    package init(name: String, did: String?, handle: String?, isLinked: Bool) {
        (self.name, self.did, self.handle, self.isLinked) = (name, did, handle, isLinked)
    }
}

extension World {
    /// The account of `owner`; nil when there is none yet.
    ///
    /// - Parameter isForCredentials: whether it is about what logs in.
    /// - Throws: ``AccountOwner/Refusal``, and errors of the database.
    func account(of owner: AccountOwner, isForCredentials: Bool = false) async throws -> AccountRecord? {
        switch owner {
        case .identity(let did): return try await services.accounts.find(did: did.text)
        case .connection(let bearer):
            guard let session = session(bearer: bearer), let identity = session.client.identity else {
                throw AccountOwner.Refusal.notLoggedIn
            }
            guard session.flood.mayRun(at: clock.uptime) else { throw AccountOwner.Refusal.tooFast(wait: session.flood.delay()) }
            session.flood.pay(Self.commandCost)
            guard !isForCredentials || Permissions.changeCredentials(session) else { throw AccountOwner.Refusal.devicePassword }
            return try await services.accounts.find(name: identity.account)
        }
    }

    /// What there is to see of the account; of somebody who has none yet, what it will be.
    package func ownAccount(of owner: AccountOwner) async throws -> OwnAccount {
        guard let account = try await account(of: owner) else {
            guard case .identity(let did) = owner else { throw AccountOwner.Refusal.notLoggedIn }
            return OwnAccount(name: did.text, did: did.text, handle: nil, isLinked: false)
        }
        let handle = accounts[account.name].lazy.compactMap(\.identity?.handle).first
        return OwnAccount(name: account.name, did: account.did, handle: handle?.text, isLinked: account.isLocal && account.did != nil)
    }

    /// Takes the linked identity off the account: what NickServ UNLINK does.
    package func unlinkIdentity(of owner: AccountOwner) async throws -> AccountStore.Unlinking {
        guard let account = try await account(of: owner, isForCredentials: true) else { return .nothing }
        let outcome = try await services.accounts.unlinkDID(fromAccount: account.name)
        if case .unlinked(let text) = outcome, let did = DID(text) {
            logger.notice("account.unlink", metadata: ["account": "\(account.name)", "did": "\(did)", "by": "its owner, over HTTP"])
            unlinked(did, from: account.name)
        }
        return outcome
    }
}
