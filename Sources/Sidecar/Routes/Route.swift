import MainLoop
import NIOHTTP1
import Store

/// One path and what may be done with it.
struct Route: Sendable {
    typealias Handler = @LoopActor (Router, HTTPRequest, Visitor) async throws -> HTTPResponse

    /// Who may use a route. The router sees to it before the handler runs, and nothing else decides.
    enum Access: Sendable, Equatable {
        /// Everybody, as far as the route itself does not look at a cookie or a link.
        case anybody
        /// Everybody; who shows the token of a connection gets what its person may read.
        case anybodyOrPerson
        /// A program whose token has the scope.
        case program(APIScope)
        /// Also the person of a connection, with the token of that (`API-BEARER`).
        case programOrPerson(APIScope)
        /// Also whoever asks from an address in `metrics.from`.
        case programOrAddress(APIScope)
        /// The owner of an account: with a broker token, or, where it says so, with the token of a connection. The handler asks the broker.
        case owner(byConnection: Bool)
    }

    /// `HEAD` comes with `GET`, `OPTIONS` with everything.
    let method: HTTPMethod
    let path: String
    let access: Access
    /// What the document of the API says of it; nil: it is not a part of the API.
    let operation: Operation?
    let handler: Handler

    /// A route that is open.
    init(_ method: HTTPMethod, _ path: String, _ handler: @escaping @LoopActor (Router, HTTPRequest) async throws -> HTTPResponse) {
        (self.method, self.path, access, operation) = (method, path, .anybody, nil)
        self.handler = { router, request, _ in try await handler(router, request) }
    }

    /// A route of the API.
    init(_ method: HTTPMethod, _ path: String, for access: Access, _ operation: Operation, _ handler: @escaping Handler) {
        (self.method, self.path, self.access, self.operation, self.handler) = (method, path, access, operation, handler)
    }

    /// A route for programs only.
    init(
        _ method: HTTPMethod, _ path: String, needs scope: APIScope, _ operation: Operation,
        _ handler: @escaping @LoopActor (Router, HTTPRequest, APIToken) async throws -> HTTPResponse
    ) {
        self.init(method, path, for: .program(scope), operation) { router, request, visitor in
            guard case .program(let token) = visitor else { throw Refusal(response: try .problem(.forbidden, "This is for programs")) }
            return try await handler(router, request, token)
        }
    }

    /// Whether this is the route for `path`: `*` and `{name}` stand for one part of it.
    func matches(_ path: String) -> Bool {
        let (mine, asked) = (self.path.split(separator: "/"), path.split(separator: "/", omittingEmptySubsequences: false).dropFirst())
        return mine.count == asked.count && zip(mine, asked).allSatisfy { Self.isOpen($0) ? !$1.isEmpty : $0 == $1 }
    }

    /// Whether some parts of the path may be anything.
    var isPattern: Bool { path.split(separator: "/").contains(where: Self.isOpen) }

    /// The names of these parts, as `{name}` gives them.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    private static func isOpen(_ part: Substring) -> Bool { part == "*" || part.hasPrefix("{") }
}

/// Who asks, as far as the route had to find that out.
enum Visitor: Sendable, Equatable {
    case anybody
    /// Whoever has a token of `roost token`.
    case program(APIToken)
    /// The person of the connection that was given this token.
    case person(bearer: String)
}

extension [Route] {
    /// What may be done with one path, for the `Allow` header.
    var allowed: String {
        Set(flatMap { $0.method == .GET ? ["GET", "HEAD"] : [$0.method.rawValue] } + ["OPTIONS"]).sorted().joined(separator: ", ")
    }
}
