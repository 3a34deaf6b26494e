import ATProto
import Broker
import MainLoop
package import Store

/// The signing keys of the OAuth client, from the command line. Works beside a running server: both use the same database.
package enum ClientKeys {
    /// Adds a key for the sessions to come and drops those that nobody needs any more.
    ///
    /// - Returns: what the key is called.
    /// - Throws: ``StartError``.
    package static func add(in launch: Launch) async throws(StartError) -> String {
        let key = ClientKey()
        try await with(launch) { store in
            try await store.add(key, now: SystemClock().wallMilliseconds)
            try await store.dropReplacedClientKeys(now: SystemClock().wallMilliseconds)
        }
        return key.id
    }

    /// All keys, oldest first.
    ///
    /// - Throws: ``StartError``.
    package static func list(in launch: Launch) async throws(StartError) -> [StoredClientKey] {
        try await with(launch) { try await $0.clientKeys() }
    }

    private static func with<Result: Sendable>(
        _ launch: Launch, _ body: (BrokerStore) async throws -> Result
    ) async throws(StartError) -> Result {
        try await OfflineDatabase.with(launch) { database, file in
            try await body(BrokerStore(database: database, box: file.box(for: database)))
        }
    }
}
