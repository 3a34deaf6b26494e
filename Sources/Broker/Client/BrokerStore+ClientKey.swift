package import ATProto
import Crypto
package import Store

extension BrokerStore {
    /// Adds a signing key of the client.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func add(_ key: ClientKey, now: Int64) async throws {
        try await addClientKey(id: key.id, publicKey: key.publicKey.rawRepresentation, secret: key.rawRepresentation, now: now)
    }

    /// Drops the signing keys that nobody needs any more.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func dropReplacedClientKeys(now: Int64) async throws {
        let grace = ClientCredentials.publicationLead + ClientCredentials.farewell
        _ = try await dropClientKeys(replacedBefore: now - grace.milliseconds)
    }
}
