import Broker
import Crypto
import Foundation
import NIOHTTP1

/// The cookie by which a browser is known again for the few minutes of a login. It says nothing of the person.
struct BrowserCookie: Sendable {
    /// Seconds; a login takes no longer.
    private static let lifetime = 600

    private let name: String
    private let attributes: String

    /// - Parameter isSecure: whether browsers reach this server over https.
    init(isSecure: Bool) {
        // With this beginning, browsers take it from this very host only, and only over https.
        name = isSecure ? "__Host-roost-browser" : "roost-browser"
        attributes = "; Path=/; Max-Age=\(Self.lifetime); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    /// The value that the browser shows; nil when it shows none that this server can have given.
    func read(_ request: HTTPRequest) -> String? {
        for part in request.headers["Cookie"].flatMap({ $0.split(separator: ";") }) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].trimmingSpaces == name[...] else { continue }
            let value = String(pair[1].trimmingSpaces)
            if BrowserMark.isPlausible(value) { return value }
        }
        return nil
    }

    /// For `Set-Cookie`.
    func header(_ value: String) -> String { "\(name)=\(value)\(attributes)" }

    /// Whether a form that carries `shown` was made for the browser with this value.
    static func isRight(_ shown: String?, of value: String, for purpose: String) -> Bool {
        SHA256.hash(data: Data((shown ?? "").utf8)) == SHA256.hash(data: Data(check(of: value, for: purpose).utf8))
    }

    /// What a form carries so that only the browser which was shown it can send it.
    static func check(of value: String, for purpose: String) -> String {
        SHA256.hash(data: Data("form \(purpose) \(value)".utf8)).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }
}
