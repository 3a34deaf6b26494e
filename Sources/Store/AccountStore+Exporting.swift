import GRDB

/// What is stored of a person, for that person.
extension AccountStore {
    /// Columns that prove who somebody is, beside those that hold BLOBs.
    private static let secrets: Set = ["password_hash", "scram_verifier", "hash"]

    /// All rows that belong to an account, as JSON objects with the name of their table; what it said is in `HistoryStore`.
    ///
    /// - Returns: nil when there is no such account.
    package func export(name: String) async throws -> [String]? {
        try await database.writer.read { db in
            let folded = name.lowercasedASCII
            guard let row = try Row.fetchOne(db, sql: "SELECT did FROM account WHERE folded = ?", arguments: [folded]) else { return nil }
            var lines: [String] = []
            for column in PersonalColumn.all where column.fate == .goesWithAccount {
                lines += try Self.objects(column.table, column.isMeant, folded, db)
            }
            lines += try Self.objects("correspondence", "correspondent = ?1", folded, db)
            return try lines + Self.objects("pds_session", "did = ?1", row["did"] as String?, db)
        }
    }

    private static func objects(_ table: String, _ condition: String, _ key: String?, _ db: Database) throws -> [String] {
        let columns = try db.columns(in: table).filter { $0.type != "BLOB" && !secrets.contains($0.name) }.map(\.name)
        let members = columns.map { "'\($0)', \($0)" }.joined(separator: ", ")
        return try String.fetchAll(
            db, sql: "SELECT json_object('table', '\(table)', \(members)) FROM \(table) WHERE \(condition)", arguments: [key])
    }
}
