import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

extension Router {
    private struct Asked: Decodable {
        let command: String
    }

    private struct Answered: Encodable {
        let lines: [String]
    }

    /// `POST /api/v1/services/{service}` with `{"command": "INFO alice"}`: a command to a service with the powers of an operator,
    /// for whoever has a token (`Authorization: Bearer`).
    func command(_ request: HTTPRequest, to service: String) async throws -> HTTPResponse {
        let (administrator, answered): (String, Answered)
        switch try await bearer(of: request) {
        case .known(let name): administrator = name
        case .refused(let response): return response
        }
        guard request.mediaType == "application/json",
            let body = try? JSONDecoder().decode(Asked.self, from: Data(request.body.readableBytesView))
        else { return try .problem(.badRequest, "The body must be a JSON object with the member command, sent as application/json") }
        do throws(AdministrationError) {
            answered = Answered(lines: try await server.administer(service, body.command, by: "token \(administrator)"))
        } catch {
            switch error {
            case .noSuchService: return try .problem(.notFound, error.description)
            case .notOneLine: return try .problem(.badRequest, error.description)
            }
        }
        return try .json(answered)
    }

    private enum Bearer {
        case known(name: String)
        case refused(HTTPResponse)
    }

    /// Whose token the request shows.
    private func bearer(of request: HTTPRequest) async throws -> Bearer {
        let caller = countedKey(of: request)
        if let caller, let wait = unknownTokens.wait(for: caller, at: clock.uptime) {
            return .refused(.tooMany("Too many unknown tokens from your address", wait: wait))
        }
        guard let shown = request.bearer else {
            return .refused(try .unauthorized("A token is needed: Authorization: Bearer <token>", challenge: "Bearer"))
        }
        guard let token = try await tokens.find(shown, now: clock.wallMilliseconds) else {
            if let caller { unknownTokens.count(caller, at: clock.uptime) }
            return .refused(try .unauthorized("The token is unknown or too old", challenge: #"Bearer error="invalid_token""#))
        }
        return .known(name: token.name)
    }
}
