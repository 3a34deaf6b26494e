import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1

extension Router {
    private struct SessionBody: Decodable {
        /// Without it, the cookie of a page of this server counts.
        let broker_token: String?
    }

    /// `POST /session`: a broker token is exchanged for a token that IRC takes.
    func session(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.mediaType == "application/json" else {
            return .text(.unsupportedMediaType, "The body must be JSON, with Content-Type: application/json")
        }
        guard let body = request.json(SessionBody.self) else {
            return .text(.badRequest, "The body must be a JSON object with the member broker_token")
        }
        guard let token = body.broker_token ?? ownCookie(request) else {
            return .text(
                .unauthorized, request.origin == nil ? "The body must have the member broker_token" : "This browser is not signed in")
        }
        if let wait = waitOfGuesser(request) {
            return .tooMany("Too many unknown tokens from your address", wait: wait)
        }
        do {
            return try .json(await broker.session(brokerToken: token))
        } catch let error as BrokerError {
            if error == .unknownToken { countGuess(request) }
            var response = HTTPResponse.broker(error)
            if error.status == 401, body.broker_token == nil { response.headers.add(name: "Set-Cookie", value: accountCookie.removal) }
            return response
        }
    }
}
