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
    /// Who asks, by the token behind `Authorization: Bearer`: one of `roost token`, or that of a connection (`API-BEARER`); nil without one.
    ///
    /// - Throws: ``Refusal`` for a token that is none; those who guess have to wait.
    func caller(of request: HTTPRequest) async throws -> Caller? {
        guard let shown = request.bearer else { return nil }
        if let wait = waitOfGuesser(request) {
            throw Refusal(
                response: try .problem(
                    .tooManyRequests, "Too many unknown tokens from your address", retryAfter: wait.retryAfter))
        }
        let state = server.state(ofBearer: shown)
        if state == .live { return .person(bearer: shown) }
        if let token = try await tokens.find(shown, now: clock.wallMilliseconds) { return .administrator("token \(token.name)") }
        // A page whose connection has just ended may ask many things with the token of that.
        if state == .unknown { countGuess(request) }
        throw Refusal(response: try .unauthorized("The token is unknown or too old", challenge: #"Bearer error="invalid_token""#))
    }

    /// Who asks, where only somebody with a token may.
    ///
    /// - Throws: ``Refusal`` also without a token.
    func knownCaller(of request: HTTPRequest) async throws -> Caller {
        if let caller = try await caller(of: request) { return caller }
        throw Refusal(response: try .unauthorized("A token is needed: Authorization: Bearer <token>", challenge: "Bearer"))
    }
}
