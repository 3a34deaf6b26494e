import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Store
import Testing

@testable import Sidecar

/// Commands to services over HTTP.
@LoopActor @Suite struct ServiceRouteTests {
    private let test = TestSidecar()

    private func post(
        _ body: String, to service: String = "nickserv", _ headers: HTTPHeaders, from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: .POST, target: try #require(RequestTarget("/api/v1/services/\(service)")), headers: headers,
                body: ByteBuffer(string: body), address: address))
    }

    private func token(expiresAt: Int64? = nil) async throws -> HTTPHeaders {
        let token =
            try await test.tokens.create(
                APIToken(name: "bot\(expiresAt ?? 0)", scopes: [.services], createdAt: 0, expiresAt: expiresAt)) ?? "-"
        return ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
    }

    @Test func aTokenGivesCommands() async throws {
        let headers = try await token()
        let response = try await post(#"{"command":"INFO alice"}"#, headers)
        #expect(response.status == .ok && String(buffer: response.body) == #"{"lines":["done"]}"#)
        #expect(test.world.commands == ["INFO alice by token bot0"])
    }

    @Test func thePersonOfAConnectionGivesCommandsToo() async throws {
        let headers: HTTPHeaders = ["Authorization": "Bearer live", "Content-Type": "application/json"]
        #expect(try await post(#"{"command":"GET"}"#, headers).status == .ok)
        #expect(test.world.commands == ["GET by person live"])
        let fast = try await post(#"{"command":"FAST"}"#, headers)
        #expect(fast.status == .tooManyRequests && fast.headers["Retry-After"] == ["2"])
        #expect(try await post(#"{"command":"GONE"}"#, headers).status == .unauthorized)
        test.world.bearer = nil
        #expect(try await post(#"{"command":"GET"}"#, headers).status == .unauthorized)
    }

    /// Whoever shows the token of a connection that has just ended is no guesser.
    @Test func whoComesLateIsNotHeldUp() async throws {
        let good = try await token()
        for _ in 0..<test.sidecar.configuration.limits.unknownTokens + 1 {
            #expect(try await post("{}", ["Authorization": "Bearer late"]).status == .unauthorized)
        }
        #expect(try await post(#"{"command":"X"}"#, good).status == .ok)
    }

    @Test func aRefusalHasAStatusOfItsOwn() async throws {
        let response = try await post(#"{"command":"REFUSE"}"#, try await token())
        #expect(response.status == .unprocessableEntity && response.headers["Content-Type"] == ["application/problem+json"])
        #expect(String(buffer: response.body) == #"{"lines":["done"],"status":422,"title":"The service did not do it"}"#)
    }

    @Test func withoutATokenNothingIsDone() async throws {
        for header: HTTPHeaders in [[:], ["Authorization": "Basic YTpi"], ["Authorization": "Bearer"], ["Authorization": "Bearer x"]] {
            let response = try await post(#"{"command":"INFO alice"}"#, header)
            #expect(response.status == .unauthorized && response.headers["WWW-Authenticate"].first?.hasPrefix("Bearer") == true)
            #expect(response.headers["Content-Type"] == ["application/problem+json"])
        }
        #expect(test.world.commands.isEmpty)
    }

    @Test func aTokenEndsAndCanBeRevoked() async throws {
        let headers = try await token(expiresAt: test.clock.wallMilliseconds + 1000)
        #expect(try await post(#"{"command":"X"}"#, headers).status == .ok)
        test.clock.advance(by: .seconds(1))
        #expect(try await post(#"{"command":"X"}"#, headers).status == .unauthorized)
        let lasting = try await token()
        #expect(try await test.tokens.create(APIToken(name: "bot0", scopes: [.services], createdAt: 0)) == nil)
        #expect(try await test.tokens.revoke(name: "bot0"))
        #expect(try await post(#"{"command":"X"}"#, lasting).status == .unauthorized)
        #expect(try await !test.tokens.revoke(name: "bot0"))
    }

    @Test func tokensAreNotGuessed() async throws {
        let good = try await token()
        for _ in 0..<test.sidecar.configuration.limits.unknownTokens {
            #expect(try await post("{}", ["Authorization": "Bearer roost_x"]).status == .unauthorized)
        }
        #expect(try await post(#"{"command":"X"}"#, good).status == .tooManyRequests)
        #expect(try await post(#"{"command":"X"}"#, good, from: "198.51.100.1").status == .ok)
    }

    @Test func whatMakesNoSenseIsExplained() async throws {
        var headers = try await token()
        #expect(try await post(#"{"command":"X"}"#, to: "nobody", headers).status == .notFound)
        #expect(try await post(#"{"command":"X\nY"}"#, headers).status == .badRequest)
        for body in ["", "[]", "{}", #"{"command":1}"#] { #expect(try await post(body, headers).status == .badRequest) }
        headers.replaceOrAdd(name: "Content-Type", value: "text/plain")
        #expect(try await post(#"{"command":"X"}"#, headers).status == .badRequest)
        #expect(test.world.commands.isEmpty)
    }
}
