import Crypto
import Foundation
import SwiftASN1
import X509

/// A new self-signed P-256 certificate with its key, for either end of a TLS connection.
package struct TestIRCClientCertificate: Sendable {
    /// PEM.
    package let certificateBytes: [UInt8]
    /// PEM.
    package let keyBytes: [UInt8]
    /// Lower-case hex SHA-256 of the certificate.
    package let fingerprint: String

    /// - Parameters:
    ///   - others: more names that it is for.
    ///   - end: when it ends, in seconds since 1970.
    package init(name: String = "irc.localhost", others: [String] = [], end: Double = 4_000_000_000) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Date(timeIntervalSince1970: 1_600_000_000),
            notValidAfter: Date(timeIntervalSince1970: end), issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: try .init { SubjectAlternativeNames(([name] + others).map { .dnsName($0) }) },
            issuerPrivateKey: key)
        let document = try certificate.serializeAsPEM()
        certificateBytes = Array(document.pemString.utf8)
        keyBytes = Array(try key.serializeAsPEM().pemString.utf8)
        fingerprint = Self.hex(SHA256.hash(data: document.derBytes))
    }

    static func hex(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
