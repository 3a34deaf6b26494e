import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct ErasingTests {
    /// Columns of text in which no name of an account stands, as `table.column`; those of a row that goes with its account need
    /// not be here.
    private static let impersonal: Set = [
        "api_token.name", "api_token.scopes", "api_token.channels", "broker_token.session", "client_key.id", "former_account.folded",
        "grdb_migrations.identifier",
        "server_secret.name", "server_state.key", "record.kind",
    ]
    /// What operators decided and did is theirs to answer for: it outlasts those whom it is about.
    private static let records: Set = [
        "server_ban.mask", "server_ban.action", "server_ban.reason", "server_ban.operator_reason", "server_ban.set_by",
        "content_filter.pattern", "content_filter.action", "content_filter.places", "content_filter.spared_channels",
        "content_filter.reason", "content_filter.set_by", "audit.action", "audit.actor", "audit.account", "audit.target", "audit.reason",
        "audit.details", "audit.outcome",
    ]
    /// Names stand here too; they are dealt with by what is said, not by a column of its own.
    private static let speech: Set = [
        "message.id", "message.conversation", "message.source", "message.account", "message.tags", "message.recipient",
        "message.parameters", "message.subject",
    ]
    /// All of it goes by its DID.
    private static let logins = "pds_session"

    @Test func everyColumnIsClassified() async throws {
        let covered = Set(PersonalColumn.all.map(\.table)).subtracting(["record", "invite_code"]).union([Self.logins])
        let named = Set(PersonalColumn.all.map { "\($0.table).\($0.column)" })
        let open = try await RoostDatabase.inMemory().writer.read { db in
            try (SampleRows.tables(db) + ["grdb_migrations"]).flatMap { table in
                try SampleRows.columns(of: table, db).filter { $0.type == "TEXT" && !covered.contains(table) }.map { "\(table).\($0.name)" }
            }
        }
        #expect(Set(open).subtracting(named) == Self.impersonal.union(Self.speech).union(Self.records))
    }

    private func message(_ sequence: Int64, _ conversation: String, _ account: String, to recipient: String? = nil) -> StoredMessage {
        StoredMessage(
            sequence: sequence, id: "m\(sequence)", conversation: conversation, time: sequence, kind: .privmsg,
            source: "\(account)!u@h", account: account, tags: "", text: "hello".data(using: .utf8) ?? .init(), recipient: recipient)
    }

    private func world() async throws -> RoostDatabase {
        let database = try RoostDatabase.inMemory()
        for name in ["Annabel", "bob"] {
            _ = try await AccountStore(database).create(AccountRecord(name: name, did: "did:web:\(name).example", createdAt: 1))
        }
        let history = HistoryStore(database)
        var join = message(6, "#a", "Annabel")
        join.kind = .join
        try await history.append([
            message(1, "#a", "Annabel"), message(2, "#a", "bob"), message(3, "annabel bob", "Annabel", to: "bob"),
            message(4, "annabel bob", "bob", to: "Annabel"), message(5, "bob bobannabel", "bob", to: "x"), join,
        ])
        try await database.writer.write { db in
            for column in PersonalColumn.all where !["account", "correspondence"].contains(column.table) {
                for name in ["annabel", "bob"] {
                    let columns = try SampleRows.columns(of: column.table, db).filter { $0.name != "number" }
                    let values: [DatabaseValue] = columns.map {
                        switch ($0.name, $0.type) {
                        case (column.column, _): name.databaseValue
                        case ("kind", _): "presence".databaseValue
                        case (_, "INTEGER"): 1.databaseValue
                        case (_, "BLOB"): "\(name)".replacing("annabel", with: "one").data(using: .utf8).databaseValue
                        default: "v\(name == "bob" ? 1 : 2)\(column.column)".databaseValue
                        }
                    }
                    try db.execute(
                        sql: """
                            INSERT INTO \(column.table) (\(columns.map(\.name).joined(separator: ", ")))
                            VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
                            """, arguments: StatementArguments(values))
                }
            }
        }
        return database
    }

    /// Where a text with the name is left, as `table.column`.
    private func traces(of name: String, _ database: RoostDatabase) async throws -> Set<String> {
        try await database.writer.read { db in
            var found: Set<String> = []
            for table in try SampleRows.tables(db) {
                for column in try SampleRows.columns(of: table, db) {
                    let sql = "SELECT count(*) FROM \(table) WHERE lower(CAST(\(column.name) AS TEXT)) GLOB ?"
                    if try Int.fetchOne(db, sql: sql, arguments: ["*\(name)*"]) ?? 0 > 0 { found.insert("\(table).\(column.name)") }
                }
            }
            return found
        }
    }

    @Test(arguments: [AccountStore.Speech.deleted, .anonymous])
    func nothingIsLeftOfAPersonButItsName(_ speech: AccountStore.Speech) async throws {
        let database = try await world()
        let bob = try await traces(of: "bob", database)
        #expect(try await AccountStore(database).erase(name: "ANNABEL", speech: speech) == 3)
        // The last is another person, whose name ends alike.
        let namesakes: Set = ["message.conversation", "correspondence.conversation", "correspondence.correspondent"]
        #expect(try await traces(of: "annabel", database) == namesakes.union(["former_account.folded"]))
        // It got nothing but from her.
        #expect(try await traces(of: "bob", database) == bob.subtracting(["message.recipient"]))
        let left = try await database.writer.read { try StoredMessage.fetchAll($0, sql: "SELECT \(StoredMessage.columns) FROM message") }
        #expect(left.map(\.id) == (speech == .deleted ? ["m2", "m5"] : ["m1", "m2", "m5"]))
        if speech == .anonymous { #expect(left[0].account == nil && left[0].source == AccountStore.nobody) }
        #expect(try await AccountStore(database).erase(name: "annabel", speech: speech) == nil)
        #expect(try await !AccountStore(database).create(AccountRecord(name: "annabel", createdAt: 2)))
    }

    @Test func anExportHasWhatIsThePersonsAndNoSecret() async throws {
        let database = try await world()
        try await AccountStore(database).setPasswordHash("$argon2id$secret", scramVerifier: "verifier", name: "annabel")
        let lines = try #require(try await AccountStore(database).export(name: "ANNABEL"))
        let text = lines.joined(separator: "\n")
        for table in ["account", "metadata", "read_marker", "nickname", "account_certificate", "device_password", "correspondence"] {
            #expect(lines.contains { $0.contains(#""table":"\#(table)""#) }, "\(table)")
        }
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        #expect(lines.contains { $0.contains(#""name":"Annabel""#) })
        #expect(!text.contains("argon2id") && !text.contains("verifier") && !text.contains("hash"))
        #expect(!text.contains(#""account":"bob""#) && !text.contains(#""owner":"bob""#))
        #expect(try await AccountStore(database).export(name: "nobody") == nil)
    }

    @Test func deletingAnAccountLeavesWhatItSaid() async throws {
        let database = try await world()
        try await AccountStore(database).delete(name: "Annabel")
        let said = try await database.writer.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM message WHERE account = 'Annabel'")
        }
        #expect(said == 3)
        let left = try await traces(of: "annabel", database)
        #expect(left.isDisjoint(with: ["account.name", "metadata.owner", "device_password.account", "push_subscription.account"]))
    }
}
