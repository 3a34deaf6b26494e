package import Crypto
package import Foundation

/// The public halves of the client's keys, as they are published (RFC 7517, 5).
package struct ClientKeySet: Sendable, Encodable {
    private let keys: [Entry]

    package init(_ keys: [P256.Signing.PublicKey]) {
        self.keys = keys.map { Entry(key: P256JWK($0)) }
    }

    /// The document, as JSON.
    package var document: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)) ?? Data()
    }

    /// Servers silently ignore a key without a name.
    private struct Entry: Sendable, Encodable {
        let key: P256JWK

        private enum Member: CodingKey {
            case alg, kid, use
        }

        func encode(to encoder: any Encoder) throws {
            try key.encode(to: encoder)
            var members = encoder.container(keyedBy: Member.self)
            try members.encode("ES256", forKey: .alg)
            try members.encode(key.thumbprint, forKey: .kid)
            try members.encode("sig", forKey: .use)
        }
    }
}
