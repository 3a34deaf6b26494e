package import Crypto
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file with the key that seals secrets: one line, `roost-key-1` and 32 bytes in base64, readable by its owner only.
package enum SecretKeyFile {
    private static let label = "roost-key-1"

    /// Reads the key. When there is no file, makes one, unless secrets exist that only the lost key could open.
    ///
    /// - Parameter secretsExist: whether the database already holds sealed values.
    package static func load(path: String, secretsExist: Bool) throws(SecretKeyFileError) -> SymmetricKey {
        if let key = try existing(path) { return key }
        guard !secretsExist else { throw .missing(path) }
        try create(path)
        guard let key = try existing(path) else { throw .missing(path) }
        return key
    }

    private static func existing(_ path: String) throws(SecretKeyFileError) -> SymmetricKey? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .malformed(path) }
        guard status.st_mode & 0o077 == 0 else { throw .tooOpen(path, mode: UInt32(status.st_mode & 0o777)) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .foreignOwner(path) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let length = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        guard length >= 0 else { throw failure(path) }
        let parts = String(decoding: bytes.prefix(length), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, parts[0] == label, let key = Data(base64Encoded: String(parts[1])), key.count == 32 else {
            throw .malformed(path)
        }
        return SymmetricKey(data: key)
    }

    /// Writes a new key under another name and links it into place, so that the file is never seen half-written and a
    /// key that another process made in the meantime stays.
    private static func create(_ path: String) throws(SecretKeyFileError) {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let text = Array("\(label) \(key.base64EncodedString())\n".utf8)
        let draft = "\(path).\(getpid()).new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(draft) }
        defer { unlink(draft) }
        let written = text.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let synced = fsync(file)
        guard close(file) == 0, synced == 0, written == text.count else { throw failure(draft) }
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure(path) }
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path) }
        fsync(folder)
        close(folder)
    }

    private static func failure(_ path: String) -> SecretKeyFileError {
        .system(path, String(cString: strerror(errno)))
    }
}

/// Why there is no key to seal secrets with.
package enum SecretKeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database has secrets and the file is gone.
    case missing(String)
    /// Others than the owner can read or write the file.
    case tooOpen(String, mode: UInt32)
    /// The file belongs to another user.
    case foreignOwner(String)
    /// Not a key file.
    case malformed(String)
    /// The operating system refused.
    case system(String, String)

    package var description: String {
        switch self {
        case .missing(let path):
            "The key file \(path) is missing, but the database holds secrets sealed with it. "
                + "Restore the file from your backup. Without it, delete the rows of pds_session; everyone then signs in again."
        case .tooOpen(let path, let mode):
            "The key file \(path) is open to others (mode \(String(mode, radix: 8))). Run: chmod 600 \(path)"
        case .foreignOwner(let path): "The key file \(path) belongs to another user. Run: chown with the user that runs roost"
        case .malformed(let path): "\(path) is not a key file of roost. Restore it from your backup."
        case .system(let path, let reason): "\(path): \(reason)"
        }
    }
}
