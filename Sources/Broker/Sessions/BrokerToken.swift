import Crypto
import Foundation

/// The bearer secret of a client, which only the client keeps: 32 random bytes in base64url.
enum BrokerToken {
    /// What is stored and looked up instead of the token. The token is random, so a plain hash serves.
    static func hash(_ token: String) -> Data {
        Data(SHA256.hash(data: Data(token.utf8)))
    }

    /// Whether `text` can be a broker token at all.
    static func isPlausible(_ text: String) -> Bool {
        (20...256).contains(text.utf8.count)
    }
}
