import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server

extension Router {
    private struct Asked: Decodable {
        let command: String
    }

    /// `POST /api/v1/services/{service}` with `{"command": "INFO alice"}`: a command to a service, with the powers of whoever the token
    /// belongs to. 200 when it is done, 422 when the service refuses, both with its lines.
    func command(_ request: HTTPRequest, to service: String, by visitor: Visitor) async throws -> HTTPResponse {
        guard let caller = visitor.caller else { return try .unauthorized("A token is needed", challenge: "Bearer") }
        guard let body = request.json(Asked.self) else {
            return try .problem(.badRequest, "The body must be a JSON object with the member command, sent as application/json")
        }
        return try await run(body.command, at: service, by: caller)
    }
}
