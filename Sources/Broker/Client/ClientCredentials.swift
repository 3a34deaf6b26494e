import ATProto
import Crypto
import Foundation
import MainLoop
import Store

/// What this server proves itself with to authorization servers: a key for new sessions, and for each session the one
/// it was opened with. Keys are added, never exchanged: the server destroys a session that comes with another key.
@LoopActor
final class ClientCredentials {
    /// Servers keep a copy of the published keys for ten minutes and more, so a new key is published for this long before
    /// it signs.
    nonisolated static let publicationLead: Duration = .seconds(1800)
    /// For this long after its successor began to sign a key stays published, whoever needs it: logins under way do.
    nonisolated static let farewell: Duration = .seconds(3600)

    private let identity: ClientIdentity
    private let store: BrokerStore
    private let clock: any LoopClock

    init(identity: ClientIdentity, store: BrokerStore, clock: any LoopClock) {
        (self.identity, self.store, self.clock) = (identity, store, clock)
    }

    /// Makes the first key, if the client needs one, and drops those that nobody needs any more.
    func prepare() async throws {
        try await store.dropReplacedClientKeys(now: clock.wallMilliseconds)
        guard identity.isConfidential, try await store.clientKeys().isEmpty else { return }
        try await store.add(ClientKey(), now: clock.wallMilliseconds)
    }

    /// For a login that begins now.
    func forNewSession() async throws -> ClientCredential {
        guard identity.isConfidential else { return ClientCredential(clientID: identity.clientID, key: nil) }
        let keys = try await store.clientKeys()
        let published = clock.wallMilliseconds - Self.publicationLead.milliseconds
        guard let key = keys.last(where: { $0.createdAt <= published }) ?? keys.first else { throw MissingClientKey(id: nil) }
        return try await of(clientID: identity.clientID, keyID: key.id)
    }

    /// For a session that was opened like this.
    func of(clientID: String, keyID: String?) async throws -> ClientCredential {
        guard let keyID else { return ClientCredential(clientID: clientID, key: nil) }
        guard let secret = try await store.clientKeySecret(id: keyID) else { throw MissingClientKey(id: keyID) }
        return ClientCredential(clientID: clientID, key: try ClientKey(rawRepresentation: secret))
    }

    /// The document with the public keys; nil when the client has none.
    func published() async throws -> Data? {
        guard identity.isConfidential else { return nil }
        return try ClientKeySet(await store.clientKeys().map { try P256.Signing.PublicKey(rawRepresentation: $0.publicKey) }).document
    }
}

/// A key that has to be there is not in the database.
struct MissingClientKey: Error, CustomStringConvertible {
    let id: String?

    var description: String { id.map { "the signing key \($0) of the client is missing" } ?? "the client has no signing key" }
}
