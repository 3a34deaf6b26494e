import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server

extension Router {
    private struct Asked: Decodable {
        let command: String
    }

    private struct Answered: Encodable {
        let lines: [String]
    }

    /// RFC 9457, with what the service said besides.
    private struct Refused: Encodable {
        let title = "The service did not do it"
        let status = 422
        let lines: [String]
    }

    /// `POST /api/v1/services/{service}` with `{"command": "INFO alice"}`: a command to a service, with the powers of whoever the token
    /// belongs to. 200 when it is done, 422 when the service refuses, both with its lines.
    func command(_ request: HTTPRequest, to service: String) async throws -> HTTPResponse {
        let caller = try await knownCaller(of: request)
        guard let body = request.json(Asked.self) else {
            return try .problem(.badRequest, "The body must be a JSON object with the member command, sent as application/json")
        }
        let answer: ServiceAnswer
        do throws(AdministrationError) {
            answer = try await server.command(service, body.command, by: caller)
        } catch {
            switch error {
            case .noSuchService: return try .problem(.notFound, error.description)
            case .notOneLine: return try .problem(.badRequest, error.description)
            case .notLoggedIn: return try .unauthorized(error.description, challenge: #"Bearer error="invalid_token""#)
            case .tooFast(let wait):
                return try .problem(.tooManyRequests, error.description, retryAfter: wait.retryAfter)
            }
        }
        guard answer.isRefusal else { return try .json(Answered(lines: answer.lines)) }
        return try .problem(.unprocessableEntity, Refused(lines: answer.lines))
    }
}
