import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Copies a database that may be in use into one file, which gets its name only when it is whole, checked and on disk.
enum DatabaseCopy {
    /// - Parameters:
    ///   - source: writers go on meanwhile; the copy has what was committed when it began.
    ///   - name: what errors call the source: its path.
    ///   - replacing: whether a file that is there gives way. Otherwise it stays.
    ///   - complete: changes the copy before it is checked; it also gets the number of rows in each table of the source.
    /// - Throws: ``BackupError``, after which there is nothing at `path` that was not there before.
    static func write(
        _ source: any DatabaseReader, of name: String, to path: String, replacing: Bool = false,
        complete: (Database, [String: Int]) throws -> Void = { _, _ in }
    ) throws(BackupError) {
        guard replacing || !FileManager.default.fileExists(atPath: path) else { throw .exists(path) }
        let draft = "\(path).\(getpid()).partial"
        remove(draft)
        defer { remove(draft) }
        let file = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .cannotWrite(path, reason: systemError()) }
        defer { close(file) }
        do {
            let copy = try DatabaseQueue(path: draft, configuration: configuration)
            let rows = try source.read { db in
                // The first look fixes what is seen: the copy and the numbers are of one moment.
                let rows = try Self.rows(db)
                try copy.writeWithoutTransaction { try db.backup(to: $0) }
                return rows
            }
            try copy.writeWithoutTransaction { db in
                // One file, and none beside it.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                try complete(db, rows)
            }
            try copy.close()
        } catch let error as BackupError {
            throw error
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode.primaryResultCode) {
            throw .damaged(name, reason: error.message ?? "\(error)")
        } catch let error as DatabaseError where error.resultCode.primaryResultCode == .SQLITE_FULL {
            throw .cannotWrite(path, reason: "the disk is full")
        } catch {
            throw .cannotWrite(path, reason: "\(error)")
        }
        guard fsync(file) == 0 else { throw .cannotWrite(path, reason: systemError()) }
        // A link does not replace what another one has put there meanwhile.
        guard replacing ? rename(draft, path) == 0 : link(draft, path) == 0 else {
            if errno == EEXIST { throw .exists(path) }
            throw .cannotWrite(path, reason: systemError())
        }
        try syncFolder(of: path)
    }

    /// How many rows each table has, but for those that SQLite keeps for itself.
    static func rows(_ db: Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'message_words*'
                AND name <> 'backup_content'
                """)
        return try Dictionary(
            uniqueKeysWithValues: tables.map { ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\($0)\"") ?? 0) })
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON") }
        return configuration
    }

    private static func remove(_ draft: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) }
    }

    private static func syncFolder(of path: String) throws(BackupError) {
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw .cannotWrite(path, reason: systemError()) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .cannotWrite(path, reason: systemError()) }
    }

    private static func systemError() -> String { String(cString: strerror(errno)) }
}
