/// What can be wrong with the database as a whole.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    /// Written by a newer Roost: this one does not know what it holds.
    ///
    /// - Parameter version: which; nil: it did not say.
    case tooNew(migrations: [String], version: String?)
    /// A step towards today's tables failed, and none was taken.
    case cannotUpgrade(step: String, reason: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "The database \(path) cannot be opened: \(reason)"
        case .tooNew(let migrations, let version):
            "The database was written by a newer Roost (\(version ?? "it has " + migrations.joined(separator: ", "))): install "
                + "\(version ?? "that version") again"
        case .cannotUpgrade(let step, let reason):
            "The database cannot be brought up to date (at \(step)): \(reason). It is as it was before; the version before can go on with it"
        }
    }
}
