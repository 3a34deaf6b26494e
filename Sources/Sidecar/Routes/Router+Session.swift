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
        let block = AddressBlock(request.address)
        let isCounted = !block.isLoopback || configuration.limits.countsLoopback
        if isCounted, let wait = unknownTokens.wait(for: block.key, at: clock.uptime) {
            return .text(.tooManyRequests, "Too many unknown tokens from your address", retryAfter: Int(wait.components.seconds) + 1)
        }
        do {
            return try .json(await broker.session(brokerToken: body.broker_token))
        } catch let error as BrokerError {
            if isCounted, error == .unknownToken { unknownTokens.failed(block.key, at: clock.uptime) }
            return .broker(error)
        }
    }
}
