import NIOSSL
import Settings

/// The file of certificate authorities that are trusted for logins in development.
enum ExtraAuthorities {
    static func check(_ settings: Settings) throws(StartError) {
        guard let path = settings.identity.extraCA else { return }
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
            throw StartError(
                "identity.extra_ca: \(path)", "holds no readable PEM certificate", remedy: "name another file, or remove the key")
        }
    }
}
