import Foundation
package import Settings
package import Transport

/// The two files that TLS listeners take their certificate from.
package struct CertificateFiles: Sendable, Equatable {
    package let certificate: String
    package let key: String
    /// Whether the server makes them itself, self-signed.
    package let isOwn: Bool

    /// Those that the settings name; `nil` when they name none.
    package static func named(_ settings: Settings) -> CertificateFiles? {
        guard let certificate = settings.tls.certificate, let key = settings.tls.key else { return nil }
        return CertificateFiles(certificate: certificate, key: key, isOwn: false)
    }

    /// Those that the settings name, else those of the data directory, which are made first when they are missing.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func choose(_ settings: Settings, in data: DataDirectory, now: Int64) throws(StartError) -> CertificateFiles {
        if let named = named(settings) { return named }
        let own = CertificateFiles(certificate: data.certificate, key: data.certificateKey, isOwn: true)
        let files = FileManager.default
        if !files.fileExists(atPath: own.certificate) || !files.fileExists(atPath: own.key) {
            try own.make(name: settings.server.name, now: now)
        }
        return own
    }

    package func load() throws(StartError) -> ServerCertificate {
        do {
            return try ServerCertificate(certificateFile: certificate, keyFile: key)
        } catch {
            throw StartError(error)
        }
    }

    private func make(name: String, now: Int64) throws(StartError) {
        let made: SelfSignedCertificate
        do {
            made = try SelfSignedCertificate(name: name, now: now)
        } catch {
            throw StartError(
                "server.name", "cannot make a certificate for \"\(name)\"", remedy: "change the name, or set tls.certificate and tls.key")
        }
        // The key first: a certificate without its key would look finished.
        try PrivateFile.write(made.key, to: key)
        try PrivateFile.write(made.certificate, to: certificate)
    }
}
