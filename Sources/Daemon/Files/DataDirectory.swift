import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The directory that holds everything of one server, readable by its owner only.
package struct DataDirectory: Sendable {
    /// Absolute path.
    package let path: String

    package var database: String { path + "/roost.db" }
    package var secretKey: String { path + "/secret.key" }
    package var certificate: String { path + "/tls-certificate.pem" }
    package var certificateKey: String { path + "/tls-key.pem" }
    /// The key and the certificate that an authority gave.
    package var orderedCertificate: String { path + "/acme-certificate.pem" }
    /// The account at the authority, and how far an order is.
    package var orderRecord: String { path + "/acme-state.json" }
    package var lock: String { path + "/roost.lock" }
    package static let adminSocketName = "admin.sock"
    package var adminSocket: String { path + "/" + Self.adminSocketName }

    /// Makes the directory if it is missing, and makes sure that nobody else can read it.
    ///
    /// A directory that is still empty is closed to others without a word. One that is not is refused: somebody may have read it already,
    /// and the operator has to know.
    package static func prepare(_ named: String) throws(StartError) -> DataDirectory {
        // What counts is the directory itself, not a link to it.
        let path = URL(fileURLWithPath: named).resolvingSymlinksInPath().path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError(path, "cannot make the data directory", remedy: "make it yourself, or choose another one with --data")
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path), let owner = attributes[.ownerAccountID] as? Int,
            let mode = attributes[.posixPermissions] as? Int
        else {
            throw StartError(path, "cannot look at the data directory", remedy: "choose another one with --data")
        }
        guard owner == Int(geteuid()) else {
            throw StartError(
                path, "the data directory belongs to user \(owner), and roost runs as user \(geteuid())",
                remedy: "run it as that user, or choose another one with --data")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw StartError(path, "the data directory cannot be written to", remedy: "run: chmod 700 '\(path)'")
        }
        if mode & 0o077 != 0 { try close(path) }
        return DataDirectory(path: path)
    }

    private static func close(_ path: String) throws(StartError) {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard entries.isEmpty, chmod(path, 0o700) == 0 else {
            throw StartError(path, "other users can get into the data directory", remedy: "run: chmod 700 '\(path)'")
        }
    }
}
