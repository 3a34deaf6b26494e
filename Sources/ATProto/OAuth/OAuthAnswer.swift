package import Foundation

/// An answer of an OAuth endpoint, before anyone judges it.
package struct OAuthAnswer: Sendable {
    /// HTTP status.
    package let status: Int
    /// As it came.
    package let body: Data
    /// The `error` member (RFC 6749, 5.2), cut to a length that can be logged.
    package let error: String?
    /// How long the server wants to be left alone, between 1 s and 1 h.
    package let retryAfter: Duration?

    /// - Parameters:
    ///   - retryAfter: the text of the `Retry-After` header.
    ///   - now: milliseconds since 1970, for a `Retry-After` that is a date.
    package init(status: Int, body: Data, retryAfter: String?, now: Int64) {
        self.status = status
        self.body = body
        error = (200..<300).contains(status) ? nil : JSONDocument(body)?.string("error").map(Self.printable)
        self.retryAfter = retryAfter.flatMap { RetryAfter.duration($0, now: now) }
    }

    /// Status and error code, for logs and messages; never the server's own prose.
    package var summary: String { error.map { "\($0) (status \(status))" } ?? "status \(status)" }

    private static func printable(_ code: String) -> String {
        String(code.prefix(60).filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.:".contains($0)) })
    }
}
