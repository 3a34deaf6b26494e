import Crypto
package import Foundation

/// A public key of an identity (AT Protocol "Cryptography"; did:key for bots).
package enum PublicKey: Sendable, Hashable {
    /// P-256, the compressed point.
    case p256(Data)
    /// secp256k1, the compressed point.
    case k256(Data)
    case ed25519(Data)

    package enum Fault: Error, Equatable {
        case notMultibase
        case unknownType
        case notOnCurve
    }

    /// - Parameter multibase: `z` and base58 of the type's code and the key.
    package init(multibase: some StringProtocol) throws(Fault) {
        guard multibase.first == "z", let bytes = Base58.decode(multibase.dropFirst()), bytes.count > 2 else { throw .notMultibase }
        try self.init(code: Array(bytes.prefix(2)), key: Data(bytes.dropFirst(2)))
    }

    /// - Parameter didKey: `did:key:z…`.
    package init(didKey: some StringProtocol) throws(Fault) {
        guard didKey.hasPrefix("did:key:") else { throw .notMultibase }
        try self.init(multibase: didKey.dropFirst(8))
    }

    private init(code: [UInt8], key: Data) throws(Fault) {
        switch code {
        case [0x80, 0x24]:
            guard key.count == 33, (try? P256.Signing.PublicKey(compressedRepresentation: key)) != nil else { throw .notOnCurve }
            self = .p256(key)
        case [0xE7, 0x01]:
            guard key.count == 33, Secp256k1.isPoint(key) else { throw .notOnCurve }
            self = .k256(key)
        case [0xED, 0x01]:
            guard key.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: key)) != nil else { throw .notOnCurve }
            self = .ed25519(key)
        default:
            throw .unknownType
        }
    }

    /// Its multibase text.
    package var multibase: String {
        switch self {
        case .p256(let key): "z" + Base58.encode([0x80, 0x24] + key)
        case .k256(let key): "z" + Base58.encode([0xE7, 0x01] + key)
        case .ed25519(let key): "z" + Base58.encode([0xED, 0x01] + key)
        }
    }

    /// Whether `signature` (64 bytes; for the two curves r and s, of which s may be high, because JWT libraries make both)
    /// was made over `message` with the private key.
    package func isValidSignature(_ signature: Data, for message: Data) -> Bool {
        guard signature.count == 64 else { return false }
        switch self {
        case .p256(let key):
            guard let key = try? P256.Signing.PublicKey(compressedRepresentation: key),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: message)
        case .k256(let key):
            return Secp256k1.isValidSignature(signature, for: message, key: key)
        case .ed25519(let key):
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: key))?.isValidSignature(signature, for: message) ?? false
        }
    }
}

extension Data {
    fileprivate static func + (left: [UInt8], right: Data) -> Data { Data(left) + right }
}
