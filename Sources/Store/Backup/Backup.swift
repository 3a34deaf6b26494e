package import Foundation
import GRDB

/// A backup is one file: a copy of the database, which any tool for SQLite can open, with a table more, `backup_content`. That has
/// the files that belong to the server and a list of how many rows there are.
package enum Backup {
    private static let manifest = "manifest"

    /// What is known of a backup after it was checked.
    package struct Content: Sendable {
        /// Rows in all tables together.
        package var rows: Int
        /// Files beside the database, by their names.
        package var files: [String: Data]
        /// The identifier of the master key that its secrets are sealed with; nil when there are none.
        package var sealedWith: Data?
        /// Steps that a start will take to bring it up to date.
        package var pending: [String]
    }

    private struct Manifest: Codable {
        /// Milliseconds since 1970.
        var madeAt: Int64
        var rows: [String: Int]
    }

    /// Copies the database at `database`, which may be in use and is not changed, not even to bring it up to date.
    ///
    /// - Parameters:
    ///   - files: what to take along, by name.
    ///   - now: milliseconds since 1970.
    /// - Returns: what the backup holds, read from it again.
    package static func make(
        of database: String, to path: String, files: [String: Data], replacing: Bool, now: Int64
    ) throws(BackupError) -> Content {
        let source = try open(database)
        try DatabaseCopy.write(source, of: database, to: path, replacing: replacing) { db, rows in
            try db.execute(sql: "CREATE TABLE backup_content (name TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL) STRICT")
            let entries = files.merging([manifest: try JSONEncoder().encode(Manifest(madeAt: now, rows: rows))]) { $1 }
            for (name, content) in entries {
                try db.execute(sql: "INSERT INTO backup_content (name, content) VALUES (?, ?)", arguments: [name, content])
            }
            _ = try check(db, database)
        }
        return try verify(path)
    }

    /// Checks a backup, or any other copy of a database, without changing it.
    package static func verify(_ path: String) throws(BackupError) -> Content {
        let queue = try open(path)
        do {
            return try queue.read { try check($0, path) }
        } catch let error as BackupError {
            throw error
        } catch {
            throw .damaged(path, reason: "\(error)")
        }
    }

    /// Writes the database of a backup, as it was, to `path`.
    ///
    /// - Parameter forgettingSecrets: leaves out what nobody can open without the master key: everybody logs in again.
    package static func extract(_ backup: String, to path: String, forgettingSecrets: Bool) throws(BackupError) {
        try DatabaseCopy.write(try open(backup), of: backup, to: path) { db, _ in
            try db.execute(sql: "DROP TABLE IF EXISTS backup_content")
            guard forgettingSecrets else { return }
            for table in Set(SealedColumn.allCases.map(\.table)) where try db.tableExists(table) {
                try db.execute(sql: "DELETE FROM \(table)")
            }
        }
    }

    private static func open(_ path: String) throws(BackupError) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw .damaged(path, reason: "\(error)")
        }
    }

    private static func check(_ db: Database, _ path: String) throws -> Content {
        let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(5)")
        guard faults == ["ok"] else { throw BackupError.damaged(path, reason: faults.joined(separator: "; ")) }
        let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
        guard orphans.isEmpty else { throw BackupError.damaged(path, reason: "\(orphans.count) rows belong to rows that are not there") }
        guard try db.tableExists("grdb_migrations") else { throw BackupError.foreign(path) }
        let pending: [String]
        do {
            pending = try Schema.pending(db)
        } catch StoreError.tooNew(let migrations, let version) {
            throw BackupError.tooNew(path, migrations: migrations, version: version)
        }
        let rows = try DatabaseCopy.rows(db)
        var files: [String: Data] = [:]
        if try db.tableExists("backup_content") {
            for row in try Row.fetchAll(db, sql: "SELECT name, content FROM backup_content") { files[row["name"]] = row["content"] }
            let listed = try files.removeValue(forKey: manifest).map { try JSONDecoder().decode(Manifest.self, from: $0) }
            guard listed?.rows == rows else { throw BackupError.damaged(path, reason: "it has not the rows that its list names") }
        }
        return Content(rows: rows.values.reduce(0, +), files: files, sealedWith: try SealedColumn.sample(db), pending: pending)
    }
}
