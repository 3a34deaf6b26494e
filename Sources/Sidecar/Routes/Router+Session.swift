import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1

extension Router {
    private struct SessionBody: Decodable {
        let broker_token: String
    }

    /// `POST /session`: a broker token is exchanged for a token that IRC takes.
    func session(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.mediaType == "application/json" else {
            return .text(.unsupportedMediaType, "The body must be JSON, with Content-Type: application/json")
        }
        guard let body = try? JSONDecoder().decode(SessionBody.self, from: Data(request.body.readableBytesView)) else {
            return .text(.badRequest, "The body must be a JSON object with the member broker_token")
        }
        if let wait = waitOfGuesser(request) {
            return .tooMany("Too many unknown tokens from your address", wait: wait)
        }
        do {
            return try .json(await broker.session(brokerToken: body.broker_token))
        } catch let error as BrokerError {
            if error == .unknownToken { countGuess(request) }
            return .broker(error)
        }
    }
}
