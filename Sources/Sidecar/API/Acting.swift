import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What routes of the API that do something have in common.
extension Router {
    private struct Lines: Encodable {
        let lines: [String]
    }

    /// RFC 9457, with what the service said besides.
    private struct Refused: Encodable {
        let title = "The service did not do it"
        let status = 422
        let lines: [String]
    }

    /// Has a service do something in the name of `caller`. 200 when it is done, 422 when the service refuses, both with its lines.
    ///
    /// - Parameter isSure: whether what cannot be undone needs no confirmation.
    func run(_ text: String, at service: String, by caller: Caller, isSure: Bool = false) async throws -> HTTPResponse {
        let answer: ServiceAnswer
        do throws(AdministrationError) {
            answer = try await server.command(service, text, by: caller, isSure: isSure)
        } catch {
            switch error {
            case .noSuchService: return try .problem(.notFound, error.description)
            case .notOneLine: return try .problem(.badRequest, error.description)
            case .notLoggedIn: return try .unauthorized(error.description, challenge: #"Bearer error="invalid_token""#)
            case .tooFast(let wait): return try .problem(.tooManyRequests, error.description, retryAfter: wait.retryAfter)
            }
        }
        guard answer.isRefusal else { return try .json(Lines(lines: answer.lines)) }
        return try .problem(.unprocessableEntity, Refused(lines: answer.lines))
    }
}

extension HTTPRequest {
    /// What it brought as JSON.
    ///
    /// - Throws: ``Refusal`` when it brought something else.
    func body<Body: Decodable>(_ type: Body.Type) throws -> Body {
        guard let body = json(type) else {
            throw Refusal(response: try .problem(.badRequest, "The body must be the JSON object that the document describes"))
        }
        return body
    }
}

extension HTTPResponse {
    init(_ refusal: ProgramRefusal) throws {
        switch refusal {
        case .noSuchChannel: self = try .noSuchChannel()
        case .noSuchPerson: self = try .noSuchPerson()
        case .notInside: self = try .problem(.notFound, "Nobody of this nickname is in the channel")
        case .senseless(let why): self = try .problem(.badRequest, why)
        case .refused(let why): self = try .problem(.unprocessableEntity, why)
        case .tooFast(let wait): self = try .problem(.tooManyRequests, "Messages come too fast", retryAfter: wait.retryAfter)
        }
    }
}

extension Operation.Answer {
    static let lines = ok("It is done", .object(["lines": .list("What the service says", of: .text("A line"))]))
    static let refusedByService = problem(
        422, "The service did not do it",
        .object([
            "title": .text("What happened"), "status": .integer("422"), "lines": .list("What the service says", of: .text("A line")),
        ]))
}

extension JSONSchema {
    static let reason = JSONSchema.text("Why; others read it", length: 0...200)
}
