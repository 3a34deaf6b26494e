import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that a server without a real one makes for itself, so that the first connection is encrypted already.
struct SelfSignedCertificate {
    /// PEM.
    let certificate: String
    /// PEM.
    let key: String

    /// Ten years: nobody renews these, and people pin their fingerprint.
    static let lifetime: TimeInterval = 10 * 365 * 86_400

    /// - Parameters:
    ///   - name: host name of the server; the certificate counts for it and for this machine.
    ///   - now: milliseconds since 1970.
    init(name: String, now: Int64) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        // A client's clock may be behind.
        let start = Date(timeIntervalSince1970: TimeInterval(now / 1000) - 86_400)
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: start,
            notValidAfter: start.addingTimeInterval(Self.lifetime),
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([
                    .dnsName(name), .dnsName("localhost"),
                    .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(ASN1OctetString(contentBytes: ArraySlice(repeatElement(0, count: 15) + [1]))),
                ])
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
        self.certificate = try certificate.serializeAsPEM().pemString + "\n"
        self.key = key.pemRepresentation + "\n"
    }
}
