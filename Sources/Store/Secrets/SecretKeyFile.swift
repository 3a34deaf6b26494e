import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file with the master key, or with two while one takes over from the other.
package struct SecretKeyFile: Sendable, Hashable {
    /// Whose the file is.
    package enum Owner: Sendable {
        /// The server makes it and replaces it. Nobody else may read it.
        case server
        /// systemd puts it there for as long as the unit runs (`LoadCredential=`), and nobody can write to it.
        case systemd
    }

    package let path: String
    package let owner: Owner

    package init(_ path: String, owner: Owner = .server) {
        (self.path, self.owner) = (path, owner)
    }

    /// The box that opens what is sealed in `database`. Makes the key when there is nothing yet.
    ///
    /// - Throws: ``SecretKeyFileError``, and errors of the database.
    package func box(for database: RoostDatabase) throws -> SecretBox {
        let sealedWith = try database.writer.read { db in try SealedColumn.sample(db) }
        let keys = try load(secretsExist: sealedWith != nil)
        if let sealedWith, keys.key(sealedWith) == nil {
            throw SecretKeyFileError.otherKey(path, needed: SecretKey.name(sealedWith), found: keys.current.name)
        }
        return SecretBox(keys)
    }

    /// Reads the keys. When there is no file and it is the server's, makes one with a new key, unless secrets exist that only
    /// the lost key could open.
    ///
    /// - Parameter secretsExist: whether the database already holds sealed values.
    package func load(secretsExist: Bool) throws(SecretKeyFileError) -> SecretKeys {
        if let keys = try existing() { return keys }
        guard owner == .server else { throw .noCredential(path) }
        guard !secretsExist else { throw .missing(path) }
        // A key that another process made in the meantime stays.
        try put(SecretKeys(SecretKey()), by: "\(path).\(getpid()).new") { link($0, path) == 0 || errno == EEXIST }
        guard let keys = try existing() else { throw .missing(path) }
        return keys
    }

    /// Puts these keys in the place of those that are there, in one step. When it returns they are on disk. For one process at a
    /// time: that which has the lock of the data directory.
    package func replace(with keys: SecretKeys) throws(SecretKeyFileError) {
        guard owner == .server else { throw .readOnly(path) }
        try put(keys, by: path + ".new") { rename($0, path) == 0 }
    }

    private func existing() throws(SecretKeyFileError) -> SecretKeys? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        defer { close(file) }
        try check(file)
        var bytes = [UInt8](repeating: 0, count: 512)
        let length = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        guard length >= 0 else { throw failure(path) }
        guard length < bytes.count else { throw .malformed(path) }
        do {
            return try SecretKeys(text: String(decoding: bytes.prefix(length), as: UTF8.self))
        } catch {
            switch error {
            case .malformed: throw .malformed(path)
            case .length(let length): throw .length(path, length)
            }
        }
    }

    private func check(_ file: Int32) throws(SecretKeyFileError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .malformed(path) }
        // With an access list for the user of the unit, systemd's files show that list's mask as the rights of the group.
        let forbidden: mode_t = owner == .server ? 0o077 : 0o027
        guard status.st_mode & forbidden == 0 else { throw .tooOpen(path, mode: UInt32(status.st_mode & 0o777)) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .foreignOwner(path) }
    }

    /// Writes the keys to `draft` and lets `place` put that in its place, so that the file is never seen half-written.
    private func put(_ keys: SecretKeys, by draft: String, place: (String) -> Bool) throws(SecretKeyFileError) {
        let text = Array(keys.text.utf8)
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(draft) }
        defer { unlink(draft) }
        let written = text.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let synced = fsync(file)
        guard close(file) == 0, synced == 0, written == text.count else { throw failure(draft) }
        guard place(draft) else { throw failure(path) }
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(path) }
    }

    private func failure(_ path: String) -> SecretKeyFileError {
        .system(path, String(cString: strerror(errno)))
    }
}
