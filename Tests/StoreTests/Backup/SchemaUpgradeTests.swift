import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

/// From each schema that there ever was to today's.
@Suite struct SchemaUpgradeTests {
    /// Makes a database as the first `count` steps leave it, with a row in every table.
    private func makeOld(_ path: String, _ count: Int) throws -> [String: [String]] {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrate(queue, Array(Schema.steps.prefix(count)))
        var columns = try queue.write { db in
            try SampleRows.fill(db)
            return try Dictionary(
                uniqueKeysWithValues: SampleRows.tables(db).map { ($0, try SampleRows.columns(of: $0, db).map(\.name)) })
        }
        try queue.close()
        // How often a code was tried is not counted any more.
        columns["mailed_code"]?.removeAll { $0 == "attempts" }
        return columns
    }

    @Test(arguments: 1..<Schema.steps.count)
    func everyEarlierSchemaIsBroughtUpToDate(_ count: Int) async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.db"
            let columns = try makeOld(path, count)
            let left = Schema.steps.dropFirst(count).map(\.name)
            #expect(try SchemaUpgrade.pending(at: path) == left)
            let before = try DatabaseQueue(path: path)
            let rows = try before.read { try SampleRows.read(columns, $0) }
            try before.close()

            let database = try RoostDatabase(path: path)
            let copy = "\(path).before-\(left[0])"
            #expect(database.upgrade == SchemaUpgrade(steps: left, copy: copy))
            // Codes for forgotten passwords lie in one table with all that are mailed.
            let moved = ["password_reset": "mailed_code"]
            let (after, codes) = try database.writer.read { db in
                try (
                    SampleRows.read(columns.filter { moved[$0.key] == nil }, db),
                    Int.fetchOne(db, sql: "SELECT count(*) FROM mailed_code WHERE purpose = 'reset'")
                )
            }
            if rows["password_reset"] != nil { #expect(codes == 1) }
            for (table, old) in rows where moved[table] == nil {
                #expect(old.count == 1)
                // Markers of direct conversations are kept under another name; how many there are stays.
                if table == "read_marker" { #expect(after[table]?.count == 1) } else { #expect(after[table] == old, "\(table)") }
            }
            try database.close()
            #expect(try Backup.verify(path).pending == [])
            #expect(try Backup.verify(copy).pending == left)
            #expect(try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600)
            let again = try RoostDatabase(path: path)
            #expect(again.upgrade == nil)
            try again.close()
        }
    }

    @Test func aStepThatFailsLeavesTheDatabaseAsItWas() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.db"
            _ = try makeOld(path, 3)
            let steps =
                Schema.steps + [
                    Schema.Step("good") { db in try db.execute(sql: "CREATE TABLE good (a TEXT) STRICT") },
                    Schema.Step("bad") { db in
                        try db.execute(sql: "DELETE FROM account")
                        try db.execute(sql: "INSERT INTO nowhere VALUES (1)")
                    },
                ]
            let queue = try DatabaseQueue(path: path)
            #expect {
                try SchemaUpgrade.run(queue, at: path, steps)
            } throws: { error in
                "\(error)".contains("bad") && "\(error)".contains("nowhere")
            }
            let (taken, rows, hasGood) = try await queue.read { db in
                try (
                    Schema.taken(db), Int.fetchOne(db, sql: "SELECT count(*) FROM account"), db.tableExists("good")
                )
            }
            #expect(taken.sorted() == Schema.steps.prefix(3).map(\.name).sorted())
            #expect(rows == 1 && !hasGood)
            try queue.close()
            #expect(try RoostDatabase(path: path).upgrade?.steps.count == Schema.steps.count - 3)
        }
    }

    @Test func threeCopiesAreKept() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.db"
            for number in 1...5 {
                let old = "\(path).before-old\(number)"
                try Data().write(to: URL(fileURLWithPath: old))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: Double(number))], ofItemAtPath: old)
            }
            _ = try makeOld(path, 1)
            try RoostDatabase(path: path).close()
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("before") }
            #expect(left.sorted() == ["roost.db.before-history.events", "roost.db.before-old4", "roost.db.before-old5"])
        }
    }

    @Test func aNewDatabaseIsNotCopied() async throws {
        try await withTestDirectory { folder in
            let database = try RoostDatabase(path: folder.path + "/roost.db")
            #expect(database.upgrade == nil)
            try database.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("before") })
        }
    }
}
