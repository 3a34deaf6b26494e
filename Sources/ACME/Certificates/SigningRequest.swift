import Crypto
package import Foundation
import SwiftASN1
import X509

/// What a certificate is asked for with (PKCS #10, RFC 8555 section 7.4).
package enum SigningRequest {
    /// DER.
    ///
    /// - Parameters:
    ///   - names: DNS names; they stand among the alternative names only, where clients look.
    ///   - key: PEM, P-256.
    package static func make(names: [String], key: String) throws -> Data {
        let key = Certificate.PrivateKey(try P256.Signing.PrivateKey(pemRepresentation: key))
        let extensions = try Certificate.Extensions { SubjectAlternativeNames(names.map { .dnsName($0) }) }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key,
            attributes: CertificateSigningRequest.Attributes([.init(ExtensionRequest(extensions: extensions))]),
            signatureAlgorithm: .ecdsaWithSHA256)
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return Data(serializer.serializedBytes)
    }
}
