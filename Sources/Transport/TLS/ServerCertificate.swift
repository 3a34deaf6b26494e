import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate with its key, ready for new connections: TLS 1.2 and later, a client certificate is welcome but not needed.
package struct ServerCertificate: Sendable {
    let context: NIOSSLContext
    /// Lower-case hex SHA-256 of the first certificate in the file: what clients pin.
    package let fingerprint: String
    /// The DNS names that it is for, in lower case; `*.` may stand before one.
    package let names: [String]
    /// From when to when it counts, in milliseconds since 1970.
    package let validity: ClosedRange<Int64>

    /// Reads both files. This blocks: call it when the process starts or reloads.
    package init(certificateFile: String, keyFile: String) throws(CertificateError) {
        try self.init(
            certificate: Self.read(certificateFile, .certificate), key: Self.read(keyFile, .key),
            certificateName: certificateFile, keyName: keyFile)
    }

    /// - Parameters:
    ///   - certificate: PEM, the server's own certificate first, then the chain.
    ///   - key: PEM, without a passphrase.
    ///   - protocols: what to speak over it, for a client that asks (ALPN); none for IRC.
    ///   - certificateName: the path to name in errors; likewise `keyName`.
    package init(
        certificate: [UInt8], key: [UInt8], protocols: [String] = [], certificateName: String, keyName: String
    ) throws(CertificateError) {
        let chain = try Self.chain(certificate, certificateName)
        let privateKey = try Self.privateKey(key, keyName)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .optionalVerification
        configuration.applicationProtocols = protocols
        // Nothing is verified against authorities, so none are loaded.
        configuration.trustRoots = .certificates([])
        do {
            context = try NIOSSLContext(configuration: configuration)
            let first = try chain[0].toDERBytes()
            fingerprint = SHA256.hash(data: first).hexText
            names = Self.names(first)
        } catch {
            throw .mismatch(certificate: certificateName, key: keyName)
        }
        let start = Int64(chain[0].notValidBefore) * 1000
        validity = start...max(start, Int64(chain[0].notValidAfter) * 1000)
    }

    /// Everything that is wrong with two files; nothing when they can be used.
    package static func problems(certificateFile: String, keyFile: String) -> [CertificateError] {
        var problems: [CertificateError] = []
        do { _ = try chain(read(certificateFile, .certificate), certificateFile) } catch { problems.append(error) }
        do { _ = try privateKey(read(keyFile, .key), keyFile) } catch { problems.append(error) }
        guard problems.isEmpty else { return problems }
        do { _ = try ServerCertificate(certificateFile: certificateFile, keyFile: keyFile) } catch { problems.append(error) }
        return problems
    }

    private static func chain(_ bytes: [UInt8], _ name: String) throws(CertificateError) -> [NIOSSLCertificate] {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else { throw .notACertificate(path: name) }
        return chain
    }

    private static func privateKey(_ bytes: [UInt8], _ name: String) throws(CertificateError) -> NIOSSLPrivateKey {
        if let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { return key }
        let isEncrypted = String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED")
        throw isEncrypted ? .encryptedKey(path: name) : .notAKey(path: name)
    }

    /// The DNS names in the certificate `der`; none when it cannot be read, as TLS works without them.
    private static func names(_ der: [UInt8]) -> [String] {
        guard let certificate = try? Certificate(derEncoded: der), let names = try? certificate.extensions.subjectAlternativeNames
        else { return [] }
        return names.compactMap { if case .dnsName(let name) = $0 { name.lowercased() } else { nil } }
    }

    private static func read(_ path: String, _ part: CertificateError.Part) throws(CertificateError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(part, path: path, reason: (error as NSError).localizedDescription)
        }
    }
}

/// Why a certificate cannot be used. Each text names the configuration key and the file.
package enum CertificateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One of the two files of a certificate.
    package enum Part: String, Sendable {
        case certificate, key
    }

    case unreadable(Part, path: String, reason: String)
    case notACertificate(path: String)
    case notAKey(path: String)
    case encryptedKey(path: String)
    /// The two files do not belong together.
    case mismatch(certificate: String, key: String)

    /// The file it is about.
    package var part: Part {
        switch self {
        case .unreadable(let part, _, _): part
        case .notACertificate: .certificate
        case .notAKey, .encryptedKey, .mismatch: .key
        }
    }

    package var description: String { "tls.\(part.rawValue): \(explanation)" }

    /// Without the key of the configuration.
    package var explanation: String {
        switch self {
        case .unreadable(_, let path, let reason): "cannot read \(path): \(reason) Check the path and that this user may read it"
        case .notACertificate(let path): "\(path) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        case .notAKey(let path): "\(path) holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
        case .encryptedKey(let path): "\(path) has a passphrase. Remove it: openssl pkey -in \(path) -out new.pem"
        case .mismatch(let certificate, let key):
            "the key in \(key) does not belong to the first certificate in \(certificate). The server's own certificate comes first"
        }
    }
}
