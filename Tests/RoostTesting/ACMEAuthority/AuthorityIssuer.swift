import Crypto
import Foundation
import SwiftASN1
import X509

/// Signs the certificates of an ``ACMEAuthority``.
struct AuthorityIssuer: Sendable {
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let certificate: Certificate
    private let keyIdentifier: ArraySlice<UInt8> = [1, 2, 3, 4, 5, 6, 7, 8]

    init(now: Int64) throws {
        let name = try DistinguishedName { CommonName("Test authority") }
        certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Date(timeIntervalSince1970: 1_600_000_000),
            notValidAfter: Date(timeIntervalSince1970: 4_000_000_000), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: .init { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) }, issuerPrivateKey: key)
    }

    /// - Parameters:
    ///   - csr: DER.
    ///   - account: a certificate must have another key than the account.
    ///   - now: milliseconds since 1970.
    ///   - lifetime: seconds.
    func issue(
        _ csr: Data, names: [String], notFor account: P256.Signing.PublicKey, now: Int64, lifetime: Int64
    ) throws(AuthorityRefusal) -> (chain: String, renewalID: String) {
        let request: CertificateSigningRequest
        let asked: [String]
        do {
            request = try CertificateSigningRequest(derEncoded: Array(csr))
            let wish = request.attributes.compactMap { try? ExtensionRequest($0) }.first
            asked = (try wish?.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([])).compactMap {
                if case .dnsName(let name) = $0 { name } else { nil }
            }
        } catch {
            throw AuthorityRefusal(400, "badCSR", "\(error)")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request), Set(asked) == Set(names) else {
            throw AuthorityRefusal(400, "badCSR", "for \(asked), or badly signed")
        }
        guard request.publicKey != Certificate.PublicKey(account) else { throw AuthorityRefusal(400, "badCSR", "the key of the account") }
        do {
            let start = Date(timeIntervalSince1970: TimeInterval(now / 1000))
            let serial = Certificate.SerialNumber()
            let leaf = try Certificate(
                version: .v3, serialNumber: serial, publicKey: request.publicKey, notValidBefore: start,
                notValidAfter: start.addingTimeInterval(TimeInterval(lifetime)), issuer: certificate.subject,
                subject: DistinguishedName(), signatureAlgorithm: .ecdsaWithSHA256,
                extensions: .init {
                    SubjectAlternativeNames(names.map { .dnsName($0) })
                    AuthorityKeyIdentifier(keyIdentifier: keyIdentifier)
                }, issuerPrivateKey: key)
            let chain = try [leaf, certificate].map { try $0.serializeAsPEM().pemString + "\n" }.joined()
            var number = Array(serial.bytes)
            if let first = number.first, first & 0x80 != 0 { number.insert(0, at: 0) }
            return (chain, AuthorityText.encode(Data(keyIdentifier)) + "." + AuthorityText.encode(Data(number)))
        } catch {
            throw AuthorityRefusal(500, "serverInternal", "\(error)")
        }
    }
}
