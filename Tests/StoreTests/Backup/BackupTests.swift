import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

@Suite struct BackupTests {
    private func withFilled(_ body: (SealedHouse, String) async throws -> Void) async throws {
        try await withTestDirectory { folder in
            let home = folder.appendingPathComponent("data")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
            let house = try SealedHouse(home)
            try await house.fill()
            try await body(house, folder.path + "/a.backup")
            try house.database.close()
        }
    }

    private func make(_ house: SealedHouse, _ path: String, replacing: Bool = false) throws -> Backup.Content {
        try Backup.make(
            of: house.folder.path + "/roost.db", to: path, files: ["roost.toml": Data("x".utf8)], replacing: replacing, now: 1)
    }

    private func files(beside path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path).sorted()
    }

    @Test func whatIsInUseComesBackWhole() async throws {
        try await withFilled { house, path in
            let content = try make(house, path)
            #expect(content.files == ["roost.toml": Data("x".utf8)] && content.pending == [])
            #expect(content.sealedWith == house.box.keys.current.identifier)
            #expect(try files(beside: path) == ["a.backup", "data"])
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            try await withTestDirectory { other in
                try Backup.extract(path, to: other.path + "/roost.db", forgettingSecrets: false)
                try FileManager.default.copyItem(atPath: house.file.path, toPath: other.path + "/secret.key")
                let restored = try SealedHouse(other)
                try await restored.checkAll()
                let hasMore = try await restored.database.writer.read { db in try db.tableExists("backup_content") }
                #expect(!hasMore)
                try restored.database.close()
            }
        }
    }

    @Test func withoutItsKeyTheRestIsKept() async throws {
        try await withFilled { house, path in
            _ = try await AccountStore(house.database).create(AccountRecord(name: "ann", createdAt: 1))
            _ = try make(house, path)
            let out = path + ".db"
            try Backup.extract(path, to: out, forgettingSecrets: true)
            #expect(try Backup.verify(out).sealedWith == nil)
            let database = try RoostDatabase(path: out)
            #expect(try await AccountStore(database).find(name: "ann") != nil)
            try database.close()
        }
    }

    @Test func aFileThatIsThereStays() async throws {
        try await withFilled { house, path in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: BackupError.exists(path)) { try make(house, path) }
            #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
            _ = try make(house, path, replacing: true)
            #expect(try Backup.verify(path).rows > 0)
        }
    }

    /// Two tables that grow in one transaction are of one moment in every backup.
    @Test func itIsOfOneMoment() async throws {
        try await withFilled { house, path in
            let writer = house.database.writer
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for number in 0..<200 {
                        try await writer.write { db in
                            try db.execute(sql: "INSERT INTO server_state VALUES (?, x'01')", arguments: ["k\(number)"])
                            try db.execute(sql: "INSERT INTO former_account VALUES (?)", arguments: ["k\(number)"])
                        }
                    }
                }
                for _ in 0..<5 {
                    _ = try make(house, path, replacing: true)
                    let copy = try DatabaseQueue(path: path)
                    let rows = try await copy.read { try DatabaseCopy.rows($0) }
                    #expect(rows["server_state"] == rows["former_account"])
                    try copy.close()
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func damageIsFound() async throws {
        try await withFilled { house, path in
            _ = try make(house, path)
            let whole = try #require(FileManager.default.contents(atPath: path))
            var damaged = whole
            damaged.replaceSubrange(4096..<(whole.count - 4096), with: Data(repeating: 0xA5, count: whole.count - 8192))
            for bad in [damaged, whole.prefix(whole.count / 2), Data(repeating: 65, count: 5000)] {
                try bad.write(to: URL(fileURLWithPath: path))
                #expect {
                    try Backup.verify(path)
                } throws: { error in
                    if case BackupError.damaged = error { true } else { false }
                }
            }
        }
    }

    @Test func aListThatDoesNotFitIsDamage() async throws {
        try await withFilled { house, path in
            _ = try make(house, path)
            let copy = try DatabaseQueue(path: path)
            try await copy.write { try $0.execute(sql: "DELETE FROM push_subscription") }
            try copy.close()
            #expect(throws: BackupError.damaged(path, reason: "it has not the rows that its list names")) { try Backup.verify(path) }
        }
    }

    @Test func aDamagedDatabaseGivesNoBackup() async throws {
        try await withTestDirectory { folder in
            let (source, path) = (folder.path + "/roost.db", folder.path + "/a.backup")
            let database = try RoostDatabase(path: source)
            try await database.writer.write { try SampleRows.fill($0) }
            // All of it is in the file then, and nothing in the log beside it.
            try await database.writer.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try database.close()
            var bytes = try #require(FileManager.default.contents(atPath: source))
            bytes.replaceSubrange((bytes.count / 2)..<bytes.count, with: Data(repeating: 0xA5, count: bytes.count - bytes.count / 2))
            try bytes.write(to: URL(fileURLWithPath: source))
            #expect {
                try Backup.make(of: source, to: path, files: [:], replacing: false, now: 1)
            } throws: { error in
                if case BackupError.damaged = error { true } else { false }
            }
            #expect(try files(beside: path).allSatisfy { !$0.hasPrefix("a.backup") })
        }
    }

    @Test func whatCannotBeWrittenLeavesNothing() async throws {
        try await withFilled { house, path in
            #expect {
                try make(house, path + "/none/b")
            } throws: { error in
                if case BackupError.cannotWrite = error { true } else { false }
            }
            #expect(throws: BackupError.missing(path)) { try Backup.verify(path) }
        }
    }

    @Test func whatIsNewerOrForeignIsRefused() async throws {
        try await withFilled { house, path in
            try await house.database.writer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
            let source = house.folder.path + "/roost.db"
            #expect(throws: BackupError.tooNew(source, migrations: ["999"], version: nil)) { try make(house, path) }
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "CREATE TABLE a (b)") }
            try other.close()
            #expect(throws: BackupError.foreign(path)) { try Backup.verify(path) }
        }
    }
}
