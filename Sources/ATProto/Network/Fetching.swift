package import Foundation

/// The one way to the outside.
package protocol Fetching: Sendable {
    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse
}

/// How much of an answer is read, and how long it may take.
package struct FetchLimits: Sendable, Hashable {
    /// Bytes of the body.
    package var bytes: Int
    /// From the look-up of the name to the last byte.
    package var time: Duration

    /// A DID behind a handle.
    package static let handle = FetchLimits(bytes: 10_000, time: .seconds(3))
    /// A DID document.
    package static let document = FetchLimits(bytes: 64 << 10, time: .seconds(10))
    /// Whether an account is served, while somebody waits to log in.
    package static let status = FetchLimits(bytes: 10_000, time: .seconds(3))
    /// The yes or no of a push service.
    package static let push = FetchLimits(bytes: 16 << 10, time: .seconds(10))
    /// What a certificate authority answers. A chain of certificates has some kilobytes.
    package static let authority = FetchLimits(bytes: 128 << 10, time: .seconds(30))
    /// Metadata and token answers. A refresh that was sent must not be given up early.
    package static let oauth = FetchLimits(bytes: 512 << 10, time: .seconds(30))
}

/// What to ask.
package struct FetchRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(String, String)]
    package var body: Data?
    package var limits: FetchLimits

    package init(method: String, url: String, headers: [(String, String)] = [], body: Data? = nil, limits: FetchLimits) {
        (self.method, self.url, self.headers, self.body, self.limits) = (method, url, headers, body, limits)
    }
}

/// Header fields; names are found without regard to case.
package struct FetchHeaders: Sendable {
    private let fields: [(String, String)]

    package init(_ fields: [(String, String)]) {
        self.fields = fields
    }

    /// The first value.
    package subscript(name: String) -> String? {
        fields.first { $0.0.caseInsensitiveCompare(name) == .orderedSame }?.1
    }
}

/// What came back, whatever its status.
package struct FetchResponse: Sendable {
    package var status: Int
    package var headers: FetchHeaders
    package var body: Data
    /// The address that was asked; redirects are not followed.
    package var finalURL: String

    package init(status: Int, headers: FetchHeaders, body: Data, finalURL: String) {
        (self.status, self.headers, self.body, self.finalURL) = (status, headers, body, finalURL)
    }
}

/// How a request ended, without what may come from anybody.
package enum FetchResult: String, Sendable, CaseIterable {
    case answered, refused, dns, unreachable, busy, timeout, broken
    case askedToWait = "asked_to_wait"
    case tooLarge = "too_large"
}

/// Why there is no answer.
package enum FetchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address is not one that may be asked.
    case refused(reason: String)
    case dns(reason: String)
    /// No connection could be made.
    case unreachable(reason: String)
    /// So much is under way to this host that another request was not begun.
    case busy
    /// The server said when to come again, and that is so far away.
    case askedToWait(Duration)
    case timeout
    case tooLarge
    /// The connection broke after the request may have been sent.
    case broken(reason: String)

    /// Whether the server may have seen the request, and acted on it.
    package var mayHaveReachedServer: Bool {
        switch self {
        case .refused, .dns, .unreachable, .busy, .askedToWait: false
        case .timeout, .tooLarge, .broken: true
        }
    }

    /// What it is counted as.
    var result: FetchResult {
        switch self {
        case .refused: .refused
        case .dns: .dns
        case .unreachable: .unreachable
        case .busy: .busy
        case .askedToWait: .askedToWait
        case .timeout: .timeout
        case .tooLarge: .tooLarge
        case .broken: .broken
        }
    }

    package var description: String {
        switch self {
        case .refused(let reason): "not allowed: \(reason)"
        case .dns(let reason): "the name does not resolve: \(reason)"
        case .unreachable(let reason): "no connection: \(reason)"
        case .busy: "too many requests to this host at once"
        case .askedToWait(let wait): "the server asks to be left alone for \(wait.components.seconds) s"
        case .timeout: "no answer in time"
        case .tooLarge: "the answer is too large"
        case .broken(let reason): "the connection broke: \(reason)"
        }
    }
}
