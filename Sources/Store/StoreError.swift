/// What can be wrong with the database as a whole.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    /// Written by a newer Roost: this one does not know what it holds.
    case tooNew(migrations: [String])

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "The database \(path) cannot be opened: \(reason)"
        case .tooNew(let migrations):
            "The database was written by a newer Roost (it has \(migrations.joined(separator: ", "))): install that version again"
        }
    }
}
