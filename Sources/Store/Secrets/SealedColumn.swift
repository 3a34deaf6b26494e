import Foundation
import GRDB

/// A column whose values are sealed. Nothing is sealed but for one of these, and a change of the master key seals all of
/// them anew.
enum SealedColumn: CaseIterable, Sendable {
    case serverSecret, refreshToken, accessToken, proofKey, clientKey, pushSecret

    var table: String {
        switch self {
        case .serverSecret: "server_secret"
        case .refreshToken, .accessToken, .proofKey: "pds_session"
        case .clientKey: "client_key"
        case .pushSecret: "push_subscription"
        }
    }

    var name: String {
        switch self {
        case .serverSecret: "value"
        case .refreshToken: "refresh_token"
        case .accessToken: "access_token"
        case .proofKey: "dpop_key"
        case .clientKey, .pushSecret: "secret"
        }
    }

    /// The columns that tell one row from the others.
    var identity: [String] {
        switch self {
        case .serverSecret: ["name"]
        case .refreshToken, .accessToken, .proofKey, .clientKey: ["id"]
        case .pushSecret: ["account", "endpoint"]
        }
    }

    /// What a value of a row is sealed for. Never changes, or nothing opens any more.
    func place(_ row: [String]) -> String {
        let path = ([table] + row).joined(separator: "/")
        return self == .pushSecret ? path : path + "/" + name
    }
}

extension SecretBox {
    /// Seals a value in the transaction that stores it: a change of the master key seals it anew or comes before it.
    ///
    /// - Parameter row: the values of ``SealedColumn/identity``.
    /// - Throws: ``SecretBoxError/otherKey`` when another process has changed the key since this one read it.
    func seal(_ secret: Data, _ column: SealedColumn, of row: String..., in db: Database) throws -> Data {
        if let inForce = try SealedColumn.sample(db, of: [.serverSecret]), keys.key(inForce) == nil { throw SecretBoxError.otherKey }
        return try seal(secret, for: column.place(row))
    }

    /// Opens a value.
    ///
    /// - Parameter row: the values of ``SealedColumn/identity``.
    func open(_ sealed: Data, _ column: SealedColumn, of row: String...) throws(SecretBoxError) -> Data {
        try open(sealed, for: column.place(row))
    }
}

extension SealedColumn {
    /// The identifier of the key that sealed what is stored; nil when nothing is. Where several keys did, the one that the
    /// first of `columns` names counts. An older database has not all of them.
    static func sample(_ db: Database, of columns: [SealedColumn] = allCases) throws -> Data? {
        for column in columns where try db.tableExists(column.table) {
            let sql = "SELECT \(column.name) FROM \(column.table) WHERE \(column.name) IS NOT NULL LIMIT 1"
            if let sealed = try Data.fetchOne(db.cachedStatement(sql: sql)), let identifier = SecretBox.keyIdentifier(of: sealed) {
                return identifier
            }
        }
        return nil
    }
}
