import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// A request is answered with this instead of what it asked for.
struct Refusal: Error {
    let response: HTTPResponse
}

extension Router {
    /// Who asks, if that one may use a route with `access`.
    ///
    /// - Throws: ``Refusal`` for others, and for a token that is none; those who guess have to wait.
    func visitor(of request: HTTPRequest, for access: Route.Access) async throws -> Visitor {
        switch access {
        case .anybody, .owner: return .anybody
        case .anybodyOrPerson: return try await visitor(of: request) ?? .anybody
        case .program(let scope):
            let visitor = try await knownVisitor(of: request)
            guard case .program(let token) = visitor, TokenPermissions.use(token, for: scope) else { throw try insufficient(scope) }
            return visitor
        case .programOrPerson(let scope):
            let visitor = try await knownVisitor(of: request)
            if case .program(let token) = visitor, !TokenPermissions.use(token, for: scope) { throw try insufficient(scope) }
            return visitor
        case .programOrAddress(let scope):
            if configuration.metricsFrom.contains(where: { $0.contains(request.address) }) { return .anybody }
            return try await visitor(of: request, for: .program(scope))
        }
    }

    /// Who asks, by the token behind `Authorization: Bearer`: one of `roost token`, or that of a connection (`API-BEARER`); nil without one.
    private func visitor(of request: HTTPRequest) async throws -> Visitor? {
        guard let shown = request.bearer else { return nil }
        if let wait = waitOfGuesser(request) {
            throw Refusal(
                response: try .problem(
                    .tooManyRequests, "Too many unknown tokens from your address", retryAfter: wait.retryAfter))
        }
        let state = server.state(ofBearer: shown)
        if state == .live { return .person(bearer: shown) }
        if let token = try await tokens.find(shown, now: clock.wallMilliseconds) { return .program(token) }
        // A page whose connection has just ended may ask many things with the token of that.
        if state == .unknown { countGuess(request) }
        throw Refusal(response: try .unauthorized("The token is unknown or too old", challenge: #"Bearer error="invalid_token""#))
    }

    private func knownVisitor(of request: HTTPRequest) async throws -> Visitor {
        if let visitor = try await visitor(of: request) { return visitor }
        throw Refusal(response: try .unauthorized("A token is needed: Authorization: Bearer <token>", challenge: "Bearer"))
    }

    /// 403, as RFC 6750 has it.
    private func insufficient(_ scope: APIScope) throws -> Refusal {
        var response = try HTTPResponse.problem(.forbidden, "This needs a token with the scope \(scope.rawValue)")
        response.headers.add(name: "WWW-Authenticate", value: #"Bearer error="insufficient_scope", scope="\#(scope.rawValue)""#)
        return Refusal(response: response)
    }
}

extension Visitor {
    /// As the services know it; nil: nobody.
    var caller: Caller? {
        switch self {
        case .anybody: nil
        case .program(let token): .administrator(token.actor)
        case .person(let bearer): .person(bearer: bearer)
        }
    }
}
