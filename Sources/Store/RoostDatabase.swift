import Foundation
package import GRDB
package import MainLoop

/// The one SQLite file of the daemon (WAL, foreign keys, full synchronisation: what a reply promised is on disk).
package final class RoostDatabase: Sendable {
    /// One writer, several readers.
    package let writer: any DatabaseWriter
    /// One reader for what may take long: such work waits for its like, and not everybody else for it.
    let patient: any DatabaseReader
    private let commits = CommitTimes()
    /// What was done to an older database when it was opened; nil when there was nothing to do.
    package let upgrade: SchemaUpgrade?

    /// Opens the database at `path`, creates it (mode 0600) when it is not there, and brings its schema up to date.
    ///
    /// - Throws: ``StoreError``.
    package init(path: String) throws(StoreError) {
        do {
            try Self.createPrivately(path)
            writer = try DatabasePool(path: path, configuration: Self.configuration)
            upgrade = try SchemaUpgrade.run(writer, at: path)
            var reading = Self.configuration
            reading.readonly = true
            patient = try DatabaseQueue(path: path, configuration: reading)
            writer.add(transactionObserver: commits, extent: .databaseLifetime)
        } catch let error as StoreError {
            throw error
        } catch let error as BackupError {
            throw .cannotOpen(path: path, reason: "no copy of it could be made before it is brought up to date: \(error)")
        } catch {
            throw .cannotOpen(path: path, reason: "\(error)")
        }
    }

    private init(writer: any DatabaseWriter) throws {
        self.writer = writer
        patient = writer
        upgrade = nil
        try Schema.migrate(writer)
    }

    /// A database that lives as long as the value, for tests.
    package static func inMemory() throws -> RoostDatabase {
        try RoostDatabase(writer: DatabaseQueue(configuration: configuration))
    }

    /// For monitoring.
    package var commitTimes: Histogram { commits.times }
    package var rollbacks: Int { commits.rollbacks }

    /// Writes a page that stays as it is: whether the disk takes anything at this moment.
    package func tryToWrite() async throws {
        try await writer.write { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(version)")
        }
    }

    /// Closes the file. Work that is under way ends first.
    package func close() throws {
        try patient.close()
        try writer.close()
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "roost"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // What was deleted or sealed anew is not to be found in the file any more.
            // A log that grew while somebody read for long goes back to this many bytes afterwards.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    /// SQLite gives its -wal and -shm files the mode of the database file.
    private static func createPrivately(_ path: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw .cannotOpen(path: path, reason: "the file cannot be created; is the directory there, and may this user write to it?")
        }
    }
}
