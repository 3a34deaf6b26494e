import Foundation
import GRDB

/// What opening a database of an older Roost did to it.
package struct SchemaUpgrade: Sendable, Equatable {
    /// Copies of older databases that are kept.
    package static let copies = 3

    /// The steps that were taken, in order.
    package let steps: [String]
    /// A copy of the database as it was before.
    package let copy: String

    /// Brings a database up to date. One that holds something is copied first, beside it, as `roost.db.before-` and the first step.
    ///
    /// - Returns: nil when nothing was to be done, or the database is new.
    static func run(_ writer: any DatabaseWriter, at path: String, _ steps: [Schema.Step] = Schema.steps) throws -> SchemaUpgrade? {
        let (pending, isNew) = try writer.read { db in try (Schema.pending(db, steps), Schema.taken(db).isEmpty) }
        guard let first = pending.first else { return nil }
        guard !isNew else {
            try Schema.migrate(writer, steps)
            return nil
        }
        let copy = "\(path).before-\(first)"
        try DatabaseCopy.write(writer, of: path, to: copy, replacing: true)
        try Schema.migrate(writer, steps)
        prune(path)
        return SchemaUpgrade(steps: pending, copy: copy)
    }

    /// The steps that opening the database at `path` would take. Changes nothing.
    ///
    /// - Throws: ``BackupError``.
    package static func pending(at path: String) throws(BackupError) -> [String] {
        try Backup.verify(path).pending
    }

    /// Deletes the oldest copies. One that cannot be deleted is left for the next time.
    private static func prune(_ path: String) {
        let database = URL(fileURLWithPath: path)
        let folder = database.deletingLastPathComponent()
        let keys: [URLResourceKey] = [.contentModificationDateKey]
        let all = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: keys)) ?? []
        let dated = all.filter { $0.lastPathComponent.hasPrefix(database.lastPathComponent + ".before-") }.map { file in
            (file, (try? file.resourceValues(forKeys: Set(keys)).contentModificationDate) ?? .distantPast)
        }
        for (file, _) in dated.sorted(by: { $0.1 > $1.1 }).dropFirst(copies) { try? FileManager.default.removeItem(at: file) }
    }
}
