import Foundation
import Store

/// Brings the database of a server that does not run up to date, from the command line. A start does the same.
package enum DatabaseUpgrade {
    /// What ``run(in:)`` would do. Works beside a running server and changes nothing.
    ///
    /// - Returns: the names of the steps; none when the database is up to date.
    /// - Throws: ``StartError``.
    package static func check(in directory: String) throws(StartError) -> [String] {
        let data = try DataDirectory.prepare(directory)
        do { return try SchemaUpgrade.pending(at: data.database) } catch { throw StartError(error) }
    }

    /// Does it, with the lock of the data directory.
    ///
    /// - Returns: what to tell the operator.
    /// - Throws: ``StartError``; the database is as it was then.
    package static func run(in directory: String) async throws(StartError) -> [String] {
        let data = try DataDirectory.prepare(directory)
        guard FileManager.default.fileExists(atPath: data.database) else { throw StartError(BackupError.missing(data.database)) }
        let lock = try InstanceLock(data.lock)
        defer { lock.release() }
        return try await OfflineDatabase.with(directory) { database, _ in
            guard let upgrade = database.upgrade else { return ["The database is up to date"] }
            return [
                "Brought the database up to date: \(upgrade.steps.joined(separator: ", "))",
                "\(upgrade.copy) is what it was before",
            ]
        }
    }
}
