import ATProto
import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that an authority gave, with its key and the chain.
package struct ObtainedCertificate: Sendable {
    /// PEM: the key and the chain, the server's own certificate first. One file, so that both are replaced in one step.
    package let pem: String
    /// The DNS names that it is for, in lower case.
    package let names: Set<String>
    /// From when to when it counts, in milliseconds since 1970.
    package let validity: ClosedRange<Int64>
    /// What the authority knows it by when it is asked when to renew it (RFC 9773 section 4.1); nil when its issuer has no key identifier.
    package let renewalID: String?
    /// From 0 to 1, different for each certificate and always the same for one: so not everybody renews at the same moment.
    package let spread: Double

    /// Reads what ``pem`` wrote; nil when it cannot be used.
    package init?(pem: String) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem), let key = documents.first,
            let found = try? P256.Signing.PrivateKey(pemRepresentation: key.pemString)
        else { return nil }
        self.init(documents: Array(documents.dropFirst()), key: found)
    }

    /// - Parameters:
    ///   - chain: PEM, from the authority; at most 10 certificates.
    ///   - key: PEM; the certificate must be for it.
    package init?(chain: String, key: String) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: chain),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: key)
        else { return nil }
        self.init(documents: documents, key: key)
    }

    private init?(documents: [PEMDocument], key: P256.Signing.PrivateKey) {
        guard (1...10).contains(documents.count), documents.allSatisfy({ $0.discriminator == "CERTIFICATE" }),
            let certificate = try? Certificate(derEncoded: documents[0].derBytes),
            certificate.publicKey == Certificate.PublicKey(key.publicKey)
        else { return nil }
        // Written anew: nothing else that came with it gets into the file.
        pem = ([key.pemRepresentation] + documents.map(\.pemString)).map { $0 + "\n" }.joined()
        let alternatives = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([])
        names = Set(alternatives.compactMap { if case .dnsName(let name) = $0 { name.lowercased() } else { nil } })
        let start = Int64(certificate.notValidBefore.timeIntervalSince1970 * 1000)
        validity = start...max(start, Int64(certificate.notValidAfter.timeIntervalSince1970 * 1000))
        renewalID = (try? certificate.extensions.authorityKeyIdentifier)?.keyIdentifier.map {
            Self.renewalID(issuer: Data($0), serial: Data(certificate.serialNumber.bytes))
        }
        let digest = SHA256.hash(data: documents[0].derBytes)
        spread = Double(digest.prefix(4).reduce(0) { $0 << 8 | Int($1) }) / Double(1 << 32)
    }

    /// - Parameter serial: as the certificate has it, big-endian; a leading zero byte is needed where the number would be negative.
    static func renewalID(issuer: Data, serial: Data) -> String {
        var bytes = [UInt8](serial.drop { $0 == 0 })
        if bytes.first.map({ $0 & 0x80 != 0 }) ?? true { bytes.insert(0, at: 0) }
        return Base64URL.encode(issuer) + "." + Base64URL.encode(Data(bytes))
    }

    /// Whether it is for all of `names`.
    package func covers(_ names: [String]) -> Bool { self.names.isSuperset(of: names) }

    /// When to renew it: in the window that the authority suggests, else after two thirds of its life and a little earlier; in no case
    /// in the last tenth of it. In milliseconds since 1970.
    package func renewalTime(_ window: RenewalWindow?) -> Int64 {
        let (start, life) = (validity.lowerBound, Double(validity.upperBound - validity.lowerBound))
        guard let window else { return start + Int64(life * (2.0 / 3 - spread / 30)) }
        return min(window.start + Int64(Double(window.end - window.start) * spread), start + Int64(life * 0.9))
    }
}
