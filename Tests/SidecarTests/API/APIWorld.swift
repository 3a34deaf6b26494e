import MainLoop
import NIOCore
import NIOHTTP1
import Store
import Testing

@testable import Sidecar

/// A sidecar with tokens, and requests to its API.
@LoopActor
final class APIWorld {
    let test = TestSidecar()
    private var made = 0

    /// A new token, as a header.
    func token(_ scopes: Set<APIScope>, channels: Set<String>? = nil) async throws -> HTTPHeaders {
        made += 1
        let token = APIToken(name: "bot\(made)", scopes: scopes, channels: channels, createdAt: 0)
        return ["Authorization": "Bearer \(try #require(try await test.tokens.create(token)))"]
    }

    /// Asks, and sees to it that the answer is one that the document has.
    func ask(
        _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders = [:], body: String? = nil, from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        var headers = headers
        if body != nil { headers.add(name: "Content-Type", value: "application/json") }
        let parsed = try #require(RequestTarget(target))
        let response = await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: parsed, headers: headers, body: ByteBuffer(string: body ?? ""), address: address))
        let route = try #require(Router.apiRoutes.first { $0.method == method && $0.matches(parsed.path) }, "\(target)")
        let answer = route.answers.first { $0.status == Int(response.status.code) }
        #expect(answer != nil, "\(method) \(target) answers \(response.status), which is not described")
        if case .problem? = answer?.content { #expect(response.headers["Content-Type"] == ["application/problem+json"]) }
        return response
    }

    func json(_ target: String, _ headers: HTTPHeaders) async throws -> String {
        let response = try await ask(.GET, target, headers)
        #expect(response.status == .ok, "\(target)")
        return String(buffer: response.body)
    }
}
