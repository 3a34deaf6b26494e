/// Why a backup was not made, or cannot be restored.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    /// There is a file of that name already.
    case exists(String)
    /// The file to read is not there.
    case missing(String)
    /// The disk is full, the directory is not there, and the like.
    case cannotWrite(String, reason: String)
    /// What was read is no sound database.
    case damaged(String, reason: String)
    /// A sound database, and none of Roost.
    case foreign(String)
    case tooNew(String, migrations: [String], version: String?)

    package var description: String {
        switch self {
        case .exists(let path): "\(path): the file is there already; choose another name, or replace it with --force"
        case .missing(let path): "\(path): there is no such file; see whether the path is right"
        case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason); no half file was left there"
        case .damaged(let path, let reason): "\(path): the database is damaged: \(reason); restore a backup from before that"
        case .foreign(let path): "\(path): this is no database of Roost; take a file that roost backup has made"
        case .tooNew(let path, let migrations, let version):
            "\(path): was written by a newer Roost (\(version ?? "it has " + migrations.joined(separator: ", "))); install that version"
        }
    }
}
