import ATProto
import Crypto
package import Foundation

/// The keys of a device in `WEBPUSH REGISTER`: `p256dh=…;auth=…` (draft/webpush).
package struct PushKeys: Sendable, Equatable {
    /// 65 bytes: an uncompressed point of P-256.
    package let publicKey: Data
    /// 16 bytes.
    package let secret: Data

    /// Nil when one is missing, malformed or no point of the curve.
    package init?(_ text: String) {
        var values: [Substring: Data] = [:]
        for item in text.split(separator: ";") {
            let parts = item.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = Base64URL.decodeLeniently(parts[1]) }
        }
        guard let point = values["p256dh"], let secret = values["auth"], secret.count == 16,
            let key = try? P256.KeyAgreement.PublicKey(x963Representation: point), key.x963Representation == point
        else { return nil }
        (publicKey, self.secret) = (point, secret)
    }
}
