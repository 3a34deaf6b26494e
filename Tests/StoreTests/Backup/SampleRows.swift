import Foundation
import GRDB

@testable import Store

/// A row in every table that a database has, whatever its schema is.
enum SampleRows {
    /// Tables that keep what a person would miss.
    static func tables(_ db: Database) throws -> [String] {
        try DatabaseCopy.rows(db).keys.filter { $0 != "grdb_migrations" }.sorted()
    }

    static func columns(of table: String, _ db: Database) throws -> [(name: String, type: String)] {
        try Row.fetchAll(db, sql: "SELECT name, type FROM pragma_table_info(?)", arguments: [table]).map { ($0["name"], $0["type"]) }
    }

    /// Fills every table. All keys are alike, so that what refers to another row finds it.
    static func fill(_ db: Database) throws {
        // In any order.
        try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
        for table in try tables(db) {
            let columns = try Self.columns(of: table, db)
            let values = columns.map { column -> DatabaseValue in
                switch (column.name, column.type) {
                case ("state", _): "live".databaseValue
                case ("settings", _): "{}".databaseValue
                case (_, "INTEGER"): 1.databaseValue
                case (_, "BLOB"): "v".data(using: .utf8).databaseValue
                default: "v".databaseValue
                }
            }
            let names = columns.map(\.name).joined(separator: ", ")
            try db.execute(
                sql: "INSERT INTO \(table) (\(names)) VALUES (\(values.map { _ in "?" }.joined(separator: ", ")))",
                arguments: StatementArguments(values))
        }
    }

    /// All rows of the given columns, by table.
    static func read(_ wanted: [String: [String]], _ db: Database) throws -> [String: [Row]] {
        try Dictionary(
            uniqueKeysWithValues: wanted.map { table, columns in
                (table, try Row.fetchAll(db, sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table)"))
            })
    }
}
