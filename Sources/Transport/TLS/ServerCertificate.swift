import Crypto
import Foundation
package import MainLoop
import NIOSSL

/// A certificate with its key, ready for new connections: TLS 1.2 and later, a client certificate is welcome but not needed.
package struct ServerCertificate: Sendable {
    let context: NIOSSLContext
    /// Lower-case hex SHA-256 of the first certificate in the file: what clients pin.
    package let fingerprint: String
    /// When that one expires, in seconds since 1970.
    package let expiresAt: Int

    /// Reads both files. This blocks: call it when the process starts or reloads.
    package init(certificateFile: String, keyFile: String) throws(CertificateError) {
        try self.init(
            certificate: Self.read(certificateFile, key: "tls.certificate"), key: Self.read(keyFile, key: "tls.key"),
            certificateName: certificateFile, keyName: keyFile)
    }

    /// - Parameters:
    ///   - certificate: PEM, the server's own certificate first, then the chain.
    ///   - key: PEM, without a passphrase.
    ///   - certificateName: the path to name in errors; likewise `keyName`.
    package init(certificate: [UInt8], key: [UInt8], certificateName: String, keyName: String) throws(CertificateError) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), let first = chain.first else {
            throw .notACertificate(path: certificateName)
        }
        guard let privateKey = try? NIOSSLPrivateKey(bytes: key, format: .pem) else {
            let isEncrypted = String(decoding: key, as: UTF8.self).contains("ENCRYPTED")
            throw isEncrypted ? .encryptedKey(path: keyName) : .notAKey(path: keyName)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .optionalVerification
        // Nothing is verified against authorities, so none are loaded.
        configuration.trustRoots = .certificates([])
        do {
            context = try NIOSSLContext(configuration: configuration)
            expiresAt = Int(first.notValidAfter)
            fingerprint = try SHA256.hash(data: first.toDERBytes()).hexText
        } catch {
            throw .mismatch(certificate: certificateName, key: keyName)
        }
    }

    private static func read(_ path: String, key: String) throws(CertificateError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(key: key, path: path, reason: (error as NSError).localizedDescription)
        }
    }
}

/// Why a certificate cannot be used. Each text names the configuration key and the file.
package enum CertificateError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(key: String, path: String, reason: String)
    case notACertificate(path: String)
    case notAKey(path: String)
    case encryptedKey(path: String)
    /// The two files do not belong together.
    case mismatch(certificate: String, key: String)

    package var description: String {
        switch self {
        case .unreadable(let key, let path, let reason):
            "\(key): cannot read \(path): \(reason) Check the path and that this user may read it"
        case .notACertificate(let path):
            "tls.certificate: \(path) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        case .notAKey(let path):
            "tls.key: \(path) holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
        case .encryptedKey(let path):
            "tls.key: \(path) has a passphrase. Remove it: openssl pkey -in \(path) -out new.pem"
        case .mismatch(let certificate, let key):
            "tls.key: the key in \(key) does not belong to the first certificate in \(certificate). The server's own certificate comes first"
        }
    }
}

/// The certificate in use. Replacing it affects new connections only.
@LoopActor
package final class CurrentCertificate {
    package var value: ServerCertificate

    package init(_ value: ServerCertificate) {
        self.value = value
    }
}
