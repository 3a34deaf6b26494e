package import ATProto
import Accounts
import MainLoop
package import Store

/// The sessions of an account, for whoever was found to be its owner: by number, as people type it.
extension Broker {
    /// All of them, those that are over too.
    package func webLogins(of did: DID) async throws -> [WebLogin] {
        try await store.webLogins(of: did.text)
    }

    /// Gives one another name; nil takes the name away. False when there is no such session.
    package func nameWebLogin(_ number: Int, of did: DID, as name: String?) async throws -> Bool {
        guard let login = try await webLogins(of: did).first(where: { $0.number == number }) else { return false }
        return try await store.rename(login.id, of: did.text, to: name)
    }

    /// Why nobody can log in as `name`, a handle, a DID or a PDS; nil: somebody can.
    package func refusal(ofLogin name: String) async -> String? {
        do {
            _ = try await logins.target(of: name)
            return nil
        } catch {
            return error.message
        }
    }

    /// Ends one, here and at its server. False when there is no such live session.
    package func endWebLogin(_ number: Int, of did: DID, reason: String) async throws -> Bool {
        guard let login = try await webLogins(of: did).first(where: { $0.number == number && $0.endedBecause == nil }) else { return false }
        return try await ends.end([login.id], reason: reason) == 1
    }

    /// Ends all of them, and makes void what was minted for the account; returns how many were live.
    package func endWebLogins(of did: DID, reason: String) async throws -> Int {
        webTokens.void(did: did)
        return try await ends.end(webLogins(of: did).filter { $0.endedBecause == nil }.map(\.id), reason: reason)
    }
}

/// The same for the owner of a broker token, as programs ask.
extension Broker {
    /// What its owner did with a session.
    private static let signedOut = "signed out"

    /// Whose token it is.
    package func person(brokerToken: String) async throws(BrokerError) -> DID {
        guard let did = DID(try await owner(of: brokerToken).did) else { throw .sessionDead }
        return did
    }

    /// The sessions of the account that `brokerToken` belongs to.
    package func webLogins(brokerToken: String) async throws(BrokerError) -> OwnWebLogins {
        let session = try await owner(of: brokerToken)
        return OwnWebLogins(
            current: session.id, handle: session.handle, all: try await stored { try await self.store.webLogins(of: session.did) })
    }

    /// Gives one another name. False when there is no such session.
    package func nameWebLogin(_ id: String, as name: String?, brokerToken: String) async throws(BrokerError) -> Bool {
        let session = try await owner(of: brokerToken)
        return try await stored { try await self.store.rename(id, of: session.did, to: name) }
    }

    /// Ends one. False when there is no such live session.
    package func endWebLogin(_ id: String, brokerToken: String) async throws(BrokerError) -> Bool {
        let session = try await owner(of: brokerToken)
        return try await stored {
            let isOwn = try await self.store.webLogins(of: session.did).contains { $0.id == id && $0.endedBecause == nil }
            return isOwn ? try await self.ends.end([id], reason: Self.signedOut) == 1 : false
        }
    }

    /// Ends all of them, or all others; returns how many.
    package func endWebLogins(exceptCurrent: Bool, brokerToken: String) async throws(BrokerError) -> Int {
        let session = try await owner(of: brokerToken)
        return try await stored {
            let all = try await self.store.webLogins(of: session.did).filter { $0.endedBecause == nil }.map(\.id)
            return try await self.ends.end(all.filter { !exceptCurrent || $0 != session.id }, reason: Self.signedOut)
        }
    }

    /// `POST /auth/logout`: ends the session of this token. Once more does no harm.
    package func logOut(brokerToken: String) async throws(BrokerError) {
        guard BrokerToken.isPlausible(brokerToken) else { throw .unknownToken }
        let found = try await stored { try await self.store.session(tokenHash: BrokerToken.hash(brokerToken)) }
        guard let found else { throw .unknownToken }
        _ = try await stored { try await self.ends.end([found.id], reason: Self.signedOut) }
    }
}

/// What the owner of a broker token sees.
package struct OwnWebLogins: Hashable, Sendable {
    /// The one that the token belongs to.
    package let current: String
    /// The handle that the account had when it was last looked at; nil: none.
    package var handle: String?
    package let all: [WebLogin]
}
