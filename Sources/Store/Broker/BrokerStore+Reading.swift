package import Foundation
import GRDB

extension BrokerStore {
    /// The session behind a broker token, by the SHA-256 of the token.
    package func session(tokenHash: Data) async throws -> PDSSession? {
        try await database.writer.read { db in
            try Row.fetchOne(
                db, sql: "SELECT s.* FROM broker_token t JOIN pds_session s ON s.id = t.session WHERE t.hash = ?",
                arguments: [tokenHash]
            ).map(PDSSession.init(row:))
        }
    }

    /// The session with this identifier.
    package func session(id: String) async throws -> PDSSession? {
        try await database.writer.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM pds_session WHERE id = ?", arguments: [id]).map(PDSSession.init(row:))
        }
    }

    /// The secrets of a session; nil when it is dead or gone. Throws ``SecretBoxError`` when they do not open.
    package func secrets(id: String) async throws -> SessionSecrets? {
        try await database.writer.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM pds_session WHERE id = ?", arguments: [id]).flatMap { try secrets(in: $0) }
        }
    }

    /// How many refreshes were begun and never answered. At start-up: what a crash left behind.
    package func unansweredRefreshes() async throws -> Int {
        try await database.writer.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM pds_session WHERE refresh_started_at IS NOT NULL AND state = 'live'") ?? 0
        }
    }

    /// Opens the secrets of a row that was read; nil when they were wiped.
    func secrets(in row: Row) throws -> SessionSecrets? {
        let id: String = row["id"]
        guard let refreshToken = row["refresh_token"] as Data?, let proofKey = row["dpop_key"] as Data? else { return nil }
        let accessToken = try (row["access_token"] as Data?).map { try open($0, .accessToken, of: id) }
        return SessionSecrets(
            refreshToken: try open(refreshToken, .refreshToken, of: id), accessToken: accessToken,
            proofKey: try box.open(proofKey, .proofKey, of: id))
    }

    private func open(_ sealed: Data, _ column: SealedColumn, of id: String) throws(SecretBoxError) -> String {
        String(decoding: try box.open(sealed, column, of: id), as: UTF8.self)
    }
}

extension PDSSession {
    fileprivate init(row: Row) {
        id = row["id"]
        did = row["did"]
        pds = row["pds"]
        issuer = row["issuer"]
        clientID = row["client_id"]
        clientKey = row["client_key"]
        scope = row["scope"]
        state = row["state"] == "dead" ? .dead(reason: row["dead_reason"] ?? "") : .live
        accessExpiresAt = row["access_expires_at"]
        generation = row["generation"]
        if let startedAt = row["refresh_started_at"] as Int64?, let tokenHash = row["refresh_hash"] as Data? {
            intent = Intent(startedAt: startedAt, tokenHash: tokenHash)
        } else {
            intent = nil
        }
        failures = row["failures"]
        retryAt = row["retry_at"]
        handle = row["handle"]
        handleCheckedAt = row["handle_checked_at"]
        createdAt = row["created_at"]
        usedAt = row["used_at"]
    }
}
