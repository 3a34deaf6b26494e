import ATProto
import Broker
import NIOHTTP1

/// A cookie with a random value that only this server reads: scripts, other hosts and, where there is https, eavesdroppers do not.
struct SecretCookie: Sendable {
    private let name: String
    private let attributes: String
    private let lifetime: Int

    /// - Parameters:
    ///   - lifetime: seconds.
    ///   - isSecure: whether browsers reach this server over https.
    init(_ name: String, lifetime: Int, isSecure: Bool) {
        // With this beginning, browsers take it from this very host only, and only over https.
        self.name = isSecure ? "__Host-" + name : name
        self.lifetime = lifetime
        // Links from other pages, and so the way back from the authorization server, carry it; their forms do not.
        attributes = "; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    /// The value that the browser shows; nil when it shows none that this server can have given.
    func read(_ request: HTTPRequest) -> String? {
        for part in request.headers["Cookie"].flatMap({ $0.split(separator: ";") }) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].trimmingSpaces == name[...] else { continue }
            let value = String(pair[1].trimmingSpaces)
            if RandomToken.isPlausible(value) { return value }
        }
        return nil
    }

    /// For `Set-Cookie`.
    func header(_ value: String) -> String { "\(name)=\(value); Path=/; Max-Age=\(lifetime)\(attributes)" }

    /// For `Set-Cookie`: takes it away.
    var removal: String { "\(name)=; Path=/; Max-Age=0\(attributes)" }
}
