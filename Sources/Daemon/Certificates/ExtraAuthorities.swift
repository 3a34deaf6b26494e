import NIOSSL
import Settings

/// The files of certificate authorities that are trusted beside those of the system.
enum ExtraAuthorities {
    static func check(_ settings: Settings) throws(StartError) {
        try check(settings.identity.extraCA, "identity.extra_ca")
        try check(settings.acme.authorityCA, "acme.authority_ca")
    }

    private static func check(_ path: String?, _ key: String) throws(StartError) {
        guard let path else { return }
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
            throw StartError(
                "\(key): \(path)", "holds no readable PEM certificate", remedy: "name another file, or remove the key")
        }
    }
}
