import Foundation
package import Settings
package import Transport

/// The two files that TLS listeners take a certificate from.
package struct CertificateFiles: Sendable, Equatable {
    package let certificate: String
    package let key: String
    /// Whether the server makes them itself, self-signed.
    package let isOwn: Bool
    /// Whether they are of the list `tls.certificates`.
    private let isListed: Bool

    private init(certificate: String, key: String, isOwn: Bool = false, isListed: Bool = false) {
        (self.certificate, self.key, self.isOwn, self.isListed) = (certificate, key, isOwn, isListed)
    }

    /// Those that the settings name, in order; the first is for everybody.
    package static func named(_ settings: Settings) -> [CertificateFiles] {
        var files: [CertificateFiles] = []
        if let certificate = settings.tls.certificate, let key = settings.tls.key {
            files.append(CertificateFiles(certificate: certificate, key: key))
        }
        return files + settings.tls.certificates.map { CertificateFiles(certificate: $0.certificate, key: $0.key, isListed: true) }
    }

    /// The one that an authority gave, key and chain in one file; nil when there is none yet, or when it cannot be used.
    static func ordered(_ settings: Settings, in data: DataDirectory) -> CertificateFiles? {
        let files = CertificateFiles(certificate: data.orderedCertificate, key: data.orderedCertificate)
        return settings.acme.domains.isEmpty || !files.problems.isEmpty ? nil : files
    }

    /// Those that the settings name and the one that an authority gave, else those of the data directory, which are made first when they
    /// are missing. Never empty.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func choose(_ settings: Settings, in data: DataDirectory, now: Int64) throws(StartError) -> [CertificateFiles] {
        let found = named(settings) + [ordered(settings, in: data)].compactMap(\.self)
        guard found.isEmpty else { return found }
        let own = CertificateFiles(certificate: data.certificate, key: data.certificateKey, isOwn: true)
        let files = FileManager.default
        if !files.fileExists(atPath: own.certificate) || !files.fileExists(atPath: own.key) {
            try own.make(name: settings.server.name, now: now)
        }
        return [own]
    }

    /// Everything that is wrong with them; nothing when they can be used.
    package var problems: [StartError] {
        ServerCertificate.problems(certificateFile: certificate, keyFile: key).map(startError)
    }

    package func load() throws(StartError) -> ServerCertificate {
        do {
            return try ServerCertificate(certificateFile: certificate, keyFile: key)
        } catch {
            throw startError(error)
        }
    }

    private func startError(_ error: CertificateError) -> StartError {
        isListed ? StartError("tls.certificates: \(error.explanation)") : StartError(error)
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

extension [CertificateFiles] {
    package func load() throws(StartError) -> ServerCertificates {
        var certificates: [ServerCertificate] = []
        for files in self { certificates.append(try files.load()) }
        return ServerCertificates(certificates)
    }

    /// What the files are at this moment; changes when anybody writes or replaces one.
    var stamps: [FileStamp] { flatMap { [FileStamp($0.certificate), FileStamp($0.key)] } }
}
