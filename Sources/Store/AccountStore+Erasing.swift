import GRDB

/// Deleting an account, and erasing a person.
extension AccountStore {
    /// What becomes of what an erased person said in channels. Direct conversations go in any case.
    package enum Speech: Sendable {
        case deleted
        /// It stays, and nobody is named as its author.
        case anonymous
    }

    /// The author of what is left of an erased person.
    static let nobody = "erased!erased@erased.invalid"

    /// Deletes an account with all that belongs to it alone. What it said stays (see `HistoryStore.forget`), so nobody
    /// else gets its name, unless that is a DID, which comes back to its owner only.
    package func delete(name: String) async throws {
        try await database.writer.write { db in try Self.delete(name.lowercasedASCII, db) }
    }

    /// Erases a person in one transaction: the account, its logins, what it said and did, and where others' rows name it. The name
    /// is not given out again.
    ///
    /// - Returns: how many messages and events were deleted or made anonymous; nil when there is no such account.
    package func erase(name: String, speech: Speech) async throws -> Int? {
        try await database.writer.write { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM account WHERE folded = ?", arguments: [name.lowercasedASCII])
            guard let account = row.map(AccountRecord.init) else { return nil }
            let folded = account.name.lowercasedASCII
            try Self.delete(folded, db)
            for column in PersonalColumn.all {
                let rows = "WHERE \(column.isMeant)"
                switch column.fate {
                case .goesWithAccount: continue
                case .goesWithPerson: try db.execute(sql: "DELETE FROM \(column.table) \(rows)", arguments: [folded])
                case .emptied: try db.execute(sql: "UPDATE \(column.table) SET \(column.column) = '' \(rows)", arguments: [folded])
                }
            }
            try db.execute(sql: "DELETE FROM pds_session WHERE did = ?", arguments: [account.did])
            return try Self.eraseSpeech(of: account.name, speech, db)
        }
    }

    private static func delete(_ folded: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO former_account SELECT folded FROM account WHERE folded = ? AND did IS NOT name", arguments: [folded]
        )
        for column in PersonalColumn.all where column.fate == .goesWithAccount {
            try db.execute(sql: "DELETE FROM \(column.table) WHERE \(column.isMeant)", arguments: [folded])
        }
    }

    private static func eraseSpeech(of account: String, _ speech: Speech, _ db: Database) throws -> Int {
        let folded = account.lowercasedASCII
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM message WHERE account = ?", arguments: [account]) ?? 0
        if speech == .anonymous {
            // What is said in a channel is one word for the conversation; what two say to each other has both their names.
            try db.execute(
                sql: """
                    UPDATE message SET account = NULL, source = ?2
                    WHERE account = ?1 AND kind < 10 AND instr(conversation, ' ') = 0
                    """, arguments: [account, nobody])
        }
        try db.execute(
            sql: "DELETE FROM message WHERE subject IN (SELECT id FROM message WHERE account = ?)", arguments: [account])
        try db.execute(sql: "DELETE FROM message WHERE account = ?", arguments: [account])
        // What others said to it alone, and their list of whom they talk with.
        for table in ["message", "correspondence"] {
            try db.execute(
                sql: """
                    DELETE FROM \(table)
                    WHERE substr(conversation, 1, length(?1) + 1) = ?1 || ' ' OR substr(conversation, -length(?1) - 1) = ' ' || ?1
                    """, arguments: [folded])
        }
        return count
    }
}
