import ATProto
import Crypto
package import Foundation

/// The challenge of ATPROTO-CHALLENGE: compact JSON with `session_id`, `nonce` and `timestamp`, in this order.
package struct Challenge: Sendable, Equatable {
    /// How far the clock may be from the timestamp when the response comes, either way.
    package static let window: Duration = .seconds(60)

    private let nonce: String
    /// The bytes that are signed.
    package let bytes: Data
    /// Seconds since 1970.
    package let timestamp: Int64

    /// - Parameters:
    ///   - sessionID: tells this connection from the others; letters, digits, `.:-` only.
    ///   - now: milliseconds since 1970.
    package init(sessionID: String, now: Int64) {
        nonce = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
        timestamp = now / 1000
        bytes = Data(#"{"session_id":"\#(sessionID)","nonce":"\#(nonce)","timestamp":\#(timestamp)}"#.utf8)
    }

    /// As it is sent: base64url without padding.
    package var encoded: String { Base64URL.encode(bytes) }

    /// Whether `text` is the nonce in it; how long that takes does not tell how much of it is right.
    func hasNonce(_ text: String) -> Bool {
        SHA256.hash(data: Data(text.utf8)) == SHA256.hash(data: Data(nonce.utf8))
    }

    package func isCurrent(at now: Int64) -> Bool {
        abs(now / 1000 - timestamp) <= Self.window.components.seconds
    }
}
