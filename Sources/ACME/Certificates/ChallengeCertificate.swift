import Crypto
import Foundation
package import SwiftASN1
import X509

/// The certificate by which an authority sees over TLS that a name is ours (TLS-ALPN-01, RFC 8737 section 3).
package struct ChallengeCertificate: Sendable {
    /// What an authority asks to speak (ALPN).
    package static let applicationProtocol = "acme-tls/1"
    /// Where the digest of the key authorization stands.
    package static let identifier: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 31]

    /// PEM.
    package let certificate: String
    /// PEM.
    package let key: String

    /// - Parameters:
    ///   - name: the DNS name.
    ///   - now: milliseconds since 1970; the certificate counts for a day on both sides of it.
    package init(name: String, keyAuthorization: String, now: Int64) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName("ACME challenge") }
        let digest = ASN1OctetString(contentBytes: ArraySlice(SHA256.hash(data: Data(keyAuthorization.utf8))))
        var serializer = DER.Serializer()
        try serializer.serialize(digest)
        let value = serializer.serializedBytes[...]
        let date = Date(timeIntervalSince1970: TimeInterval(now / 1000))
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: date.addingTimeInterval(-86_400), notValidAfter: date.addingTimeInterval(86_400), issuer: subject,
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions([
                SubjectAlternativeNames([.dnsName(name)]).makeCertificateExtension(),
                Certificate.Extension(oid: Self.identifier, critical: true, value: value),
            ]),
            issuerPrivateKey: Certificate.PrivateKey(key))
        self.certificate = try certificate.serializeAsPEM().pemString + "\n"
        self.key = key.pemRepresentation + "\n"
    }
}
