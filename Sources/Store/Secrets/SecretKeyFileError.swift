/// Why there is no key to seal secrets with.
package enum SecretKeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database has secrets and the file is gone.
    case missing(String)
    /// The credential is not among those that systemd handed over.
    case noCredential(String)
    /// Others than the owner can read or write the file.
    case tooOpen(String, mode: UInt32)
    /// The file belongs to another user.
    case foreignOwner(String)
    /// Not a key file.
    case malformed(String)
    /// The key has this number of bytes.
    case length(String, Int)
    /// The database was sealed with another key than the one in the file; both by their names.
    case otherKey(String, needed: String, found: String)
    /// A credential cannot be replaced.
    case readOnly(String)
    /// The operating system refused.
    case system(String, String)

    package var description: String {
        switch self {
        case .missing(let path):
            "The key file \(path) is missing, but the database holds secrets sealed with it. "
                + "Restore the file from your backup; docs/operating.md says what to do without one."
        case .noCredential(let path):
            "There is no credential \(path). Add LoadCredential= with the name that data.key_credential has to the unit."
        case .tooOpen(let path, let mode):
            "The key file \(path) is open to others (mode \(String(mode, radix: 8))). Run: chmod 600 \(path)"
        case .foreignOwner(let path): "The key file \(path) belongs to another user. Run: chown with the user that runs roost"
        case .malformed(let path): "\(path) is not a key file of roost. Restore it from your backup."
        case .length(let path, let count):
            "The key in \(path) has \(count) bytes instead of \(SecretKey.length). Restore the file from your backup."
        case .otherKey(let path, let needed, let found):
            "The database is sealed with the key \(needed), and \(path) holds the key \(found). Put both back from one backup."
        case .readOnly(let path):
            "\(path) comes from systemd, which the server cannot change. Put a line with the new key before the old one into the file "
                + "behind LoadCredential= and restart; docs/operating.md has the steps."
        case .system(let path, let reason): "\(path): \(reason)"
        }
    }
}
