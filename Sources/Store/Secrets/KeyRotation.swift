import Foundation
import GRDB

/// Changes the master key. After each step everything that is needed is on disk, so that a crash loses nothing:
/// ``begin()`` puts the new key into the file beside the old one, ``reseal()`` seals all values anew in one transaction, and
/// ``finish()`` takes the old key away. Whoever starts with two keys in the file goes on from there with ``resume()``.
package struct KeyRotation: Sendable {
    /// What is sealed anew.
    package struct Resealing: Sendable, Equatable {
        /// Values that are sealed with the new key now.
        package var values = 0
        /// Values that no key in force opens, nor did before. They stay as they are.
        package var unreadable = 0
    }

    package let database: RoostDatabase
    package let box: SecretBox
    package let file: SecretKeyFile

    package init(_ database: RoostDatabase, box: SecretBox, file: SecretKeyFile) {
        (self.database, self.box, self.file) = (database, box, file)
    }

    /// All steps. A change that was begun and not finished goes on with its key.
    ///
    /// - Throws: ``SecretKeyFileError``, and errors of the database. Once more does no harm.
    package func run() async throws -> Resealing {
        if box.keys.former == nil { try begin() }
        return try await resume()
    }

    /// What is left to do after ``begin()``. Where the file is not the server's, whoever owns it takes the old key out.
    package func resume() async throws -> Resealing {
        let result = try await reseal()
        if file.owner == .server { try finish() } else { box.take(SecretKeys(box.keys.current)) }
        return result
    }

    /// A new key is on disk, before the old one, and seals from now on; both open.
    func begin() throws(SecretKeyFileError) {
        let keys = SecretKeys(SecretKey(), former: box.keys.current)
        try file.replace(with: keys)
        box.take(keys)
    }

    /// Seals anew what the current key has not sealed. When it returns, the old values are gone from the files too, as far as no
    /// other process reads them at this moment.
    func reseal() async throws -> Resealing {
        let result = try await database.writer.write { db in
            try SealedColumn.allCases.reduce(into: Resealing()) { try reseal($1, db, &$0) }
        }
        // Waits for those who have read an old value and did not open it yet.
        try await database.writer.barrierWriteWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
        return result
    }

    /// The old key is gone.
    func finish() throws(SecretKeyFileError) {
        let keys = SecretKeys(box.keys.current)
        try file.replace(with: keys)
        box.take(keys)
    }

    private func reseal(_ column: SealedColumn, _ db: Database, _ result: inout Resealing) throws {
        let (table, name) = (column.table, column.name)
        let identity = column.identity.joined(separator: ", ")
        let condition = column.identity.map { "\($0) = ?" }.joined(separator: " AND ")
        let rows = try Row.fetchAll(
            db, sql: "SELECT \(identity) FROM \(table) WHERE substr(\(name), 1, \(SecretBox.prefixLength)) <> ?",
            arguments: [SecretBox.prefix(of: box.keys.current)])
        let find = try db.makeStatement(sql: "SELECT \(name) FROM \(table) WHERE \(condition)")
        let change = try db.makeStatement(sql: "UPDATE \(table) SET \(name) = ? WHERE \(condition)")
        for row in rows {
            let key = column.identity.map { row[$0] as String }
            guard let sealed = try Data.fetchOne(find, arguments: StatementArguments(key)) else { continue }
            guard let secret = try? box.open(sealed, for: column.place(key)) else {
                result.unreadable += 1
                continue
            }
            try change.execute(arguments: [try box.seal(secret, for: column.place(key))] + StatementArguments(key))
            result.values += 1
        }
    }
}
