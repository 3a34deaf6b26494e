import Broker
import Foundation
import MainLoop
import NIOHTTP1
import Server

extension Router {
    /// The broker token that a browser keeps for the pages of this server. It counts for requests of these pages only: whoever leads
    /// a browser here from elsewhere has another origin. Where browsers leave that out, they say whether it is the same.
    func ownCookie(_ request: HTTPRequest) -> String? {
        let isOwn =
            request.origin.map { $0 == configuration.publicOrigin } ?? (request.headers.first(name: "Sec-Fetch-Site") == "same-origin")
        return isOwn ? accountCookie.read(request) : nil
    }

    /// Answers for the broker token that the request shows (`Authorization: Bearer`), or for that of a page of this server; those who
    /// guess have to wait.
    func asOwner(_ request: HTTPRequest, _ body: (String) async throws -> HTTPResponse) async throws -> HTTPResponse {
        if let wait = waitOfGuesser(request) {
            return try .problem(
                .tooManyRequests, "Too many unknown tokens from your address", retryAfter: wait.retryAfter)
        }
        guard let token = request.bearer ?? ownCookie(request) else {
            return try .unauthorized("A broker token is needed: Authorization: Bearer <token>", challenge: "Bearer")
        }
        do {
            return try await body(token)
        } catch let error as BrokerError {
            if error == .unknownToken { countGuess(request) }
            guard error.status == 401 else {
                return try .problem(HTTPResponseStatus(statusCode: error.status), error.message, retryAfter: error.retryAfter)
            }
            return try .unauthorized(error.message, challenge: #"Bearer error="invalid_token""#)
        }
    }

    /// Answers for whoever owns an account: by a broker token, or by that of a connection (`API-BEARER`).
    func asAccountOwner(_ request: HTTPRequest, _ body: (AccountOwner) async throws -> HTTPResponse) async throws -> HTTPResponse {
        guard let shown = request.bearer, waitOfGuesser(request) == nil, server.state(ofBearer: shown) != .unknown else {
            return try await asOwner(request) { token in try await body(.identity(self.broker.person(brokerToken: token))) }
        }
        do {
            return try await body(.connection(bearer: shown))
        } catch AccountOwner.Refusal.notLoggedIn {
            return try .unauthorized("The connection of this token is gone or logged out", challenge: #"Bearer error="invalid_token""#)
        } catch AccountOwner.Refusal.tooFast(let wait) {
            return try .problem(.tooManyRequests, "Requests come too fast", retryAfter: wait.retryAfter)
        } catch AccountOwner.Refusal.devicePassword {
            return try .problem(.forbidden, "The connection is logged in with a device password, which can do nothing about what logs in")
        }
    }

    /// RFC 3339.
    ///
    /// - Parameter time: milliseconds since 1970.
    nonisolated static func text(_ time: Int64) -> String { Date(timeIntervalSince1970: Double(time / 1000)).ISO8601Format() }
}
