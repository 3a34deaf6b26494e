import MainLoop
package import Store

/// Tokens for the HTTP API, from the command line. Works beside a running server: both use the same database.
package enum APITokens {
    /// Makes a token called `name`.
    ///
    /// - Parameter days: after how many days it is void; nil: never.
    /// - Throws: ``StartError``.
    package static func add(name: String, days: Int?, in directory: String) async throws(StartError) -> String {
        let isName = !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isName else { throw StartError("token name", "\"\(name)\" is none", remedy: "use up to 64 letters, digits and signs") }
        guard days.map({ (1...36_500).contains($0) }) ?? true else {
            throw StartError("--days", "must be between 1 and 36500", remedy: "leave it out for a token that lasts")
        }
        let now = SystemClock().wallMilliseconds
        let token = try await with(directory) { store in
            try await store.create(name: name, now: now, expiresAt: days.map { now + Int64($0) * 86_400_000 })
        }
        guard let token else {
            throw StartError("token name", "there is a token \(name) already", remedy: "revoke it, or choose another name")
        }
        return token
    }

    /// All tokens, by name.
    ///
    /// - Throws: ``StartError``.
    package static func list(in directory: String) async throws(StartError) -> [APIToken] {
        try await with(directory) { try await $0.list() }
    }

    /// Makes a token void.
    ///
    /// - Throws: ``StartError``.
    package static func revoke(name: String, in directory: String) async throws(StartError) {
        guard try await with(directory, { try await $0.revoke(name: name) }) else {
            throw StartError("token name", "there is no token \(name)", remedy: "roost token list shows them")
        }
    }

    private static func with<Result: Sendable>(
        _ directory: String, _ body: (APITokenStore) async throws -> Result
    ) async throws(StartError) -> Result {
        try await OfflineDatabase.with(directory) { database, _ in try await body(APITokenStore(database)) }
    }
}
