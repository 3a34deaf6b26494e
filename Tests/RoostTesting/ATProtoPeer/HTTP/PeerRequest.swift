import Foundation
import NIOHTTP1

/// A whole request, as the endpoints see it.
struct PeerRequest: Sendable {
    let method: String
    /// Without the query, percent sequences as they came.
    let path: String
    /// Without the question mark; nil when there is none.
    let query: String?
    let headers: HTTPHeaders
    let body: Data
    /// Which listener it came to.
    let listener: PeerRole

    /// The lower-cased `Host` header, with its port.
    var host: String { headers.first(name: "Host")?.lowercased() ?? "" }

    /// The `Host` header without its port.
    var hostName: String { String(host.split(separator: ":").first ?? "") }

    /// The parameters of a form body.
    func form() throws(PeerOAuthFailure) -> [String: String] {
        let type = headers.first(name: "Content-Type")?.lowercased().split(separator: ";").first
        guard type?.trimmingCharacters(in: .whitespaces) == "application/x-www-form-urlencoded" else {
            throw PeerOAuthFailure(status: 415, error: "invalid_request", description: "The body must be a form")
        }
        guard let text = String(data: body, encoding: .utf8), let form = PeerText.form(text) else {
            throw .invalidRequest("The form is malformed or names a parameter twice")
        }
        return form
    }

    /// The form if there is one, for looking at a request without judging it.
    var formIfAny: [String: String] {
        String(data: body, encoding: .utf8).flatMap { PeerText.form($0) } ?? [:]
    }
}

/// An answer, and how its bytes travel.
struct PeerResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body = Data()
    /// Over how long the body is spread; nil sends it at once.
    var spread: Duration?
    /// How much of the body is sent before the connection is reset; nil: all of it.
    var cut: Int?
    /// The error code in the body, for the log.
    var error: String?

    static func json(_ value: PeerJSON, status: Int = 200) -> PeerResponse {
        PeerResponse(
            status: status, headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body: value.data)
    }

    static func text(_ text: String, status: Int = 200) -> PeerResponse {
        PeerResponse(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Data(text.utf8))
    }

    static func redirect(to location: String, status: Int) -> PeerResponse {
        PeerResponse(status: status, headers: [("Location", location)])
    }

    mutating func set(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append((name, value))
    }
}
