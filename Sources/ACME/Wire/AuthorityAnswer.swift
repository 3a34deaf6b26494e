package import ATProto
package import Foundation

/// How a request to an authority ended.
package enum AuthorityAnswer: Sendable {
    case response(AuthorityResponse)
    /// Nobody knows whether it has arrived. With the reason.
    case lost(String)
}

/// What an authority answered, as far as anything depends on it.
package struct AuthorityResponse: Sendable {
    /// For longer nobody waits, whatever an authority says, in seconds.
    package static let longestWait: Int64 = 7 * 86_400
    /// Longer texts in headers are taken for none.
    private static let textLimit = 1024

    package var status: Int
    /// For the next request; nil also when what came cannot be one.
    package var nonce: String?
    package var location: String?
    /// When to come again.
    package var retryAfter: Duration?
    package var body: Data

    package init(status: Int, nonce: String? = nil, location: String? = nil, retryAfter: Duration? = nil, body: Data = Data()) {
        (self.status, self.nonce, self.location, self.retryAfter, self.body) = (status, nonce, location, retryAfter, body)
    }

    /// - Parameter now: milliseconds since 1970.
    package init(_ response: FetchResponse, now: Int64) {
        func text(_ name: String) -> String? { response.headers[name].flatMap { $0.utf8.count <= Self.textLimit ? $0 : nil } }
        status = response.status
        nonce = text("replay-nonce").flatMap { Base64URL.isAlphabet($0) ? $0 : nil }
        location = text("location")
        retryAfter = text("retry-after").flatMap { RetryAfter.duration($0, now: now, longest: Self.longestWait) }
        body = response.body
    }
}

extension Base64URL {
    /// Whether `text` has one or more of its letters and nothing else (RFC 8555 sections 6.5.1 and 8.3).
    static func isAlphabet(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
