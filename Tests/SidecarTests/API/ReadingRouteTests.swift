import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store
import Testing

@testable import Sidecar

/// What programs read, and how it comes in pages.
@LoopActor @Suite struct ReadingRouteTests {
    private let world = APIWorld()

    private func all() async throws -> HTTPHeaders { try await world.token(Set(APIScope.allCases)) }

    private struct Answer: Decodable {
        struct Item: Decodable {}

        let items: [Item]
        let next: String?
    }

    private func page(_ target: String, _ token: HTTPHeaders) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await world.json(target, token).utf8))
    }

    @Test(arguments: [
        "/api/v1/clients", "/api/v1/channels", "/api/v1/channels/%23c/members", "/api/v1/accounts", "/api/v1/bans", "/api/v1/audit",
    ])
    func listsComeInPages(_ path: String) async throws {
        let token = try await all()
        let whole = try await page(path, token)
        #expect(whole.items.count == 1 && whole.next == nil)
        let first = try await page(path + "?limit=1", token)
        let cursor = try #require(first.next)
        let second = try await page(path + "?limit=1&cursor=\(cursor)", token)
        #expect(first.items.count == 1 && second.items.isEmpty && second.next == nil)
    }

    @Test(arguments: ["limit=0", "limit=201", "limit=x", "limit=", "cursor=", "cursor=%00", "cursor=a", "cursor=_w"])
    func aPageThatMakesNoSenseIsRefused(_ query: String) async throws {
        let token = try await all()
        for path in ["/api/v1/clients", "/api/v1/channels/c/messages", "/api/v1/bans"] {
            #expect(try await world.ask(.GET, "\(path)?\(query)", token).status == .badRequest)
        }
    }

    @Test func numbersAreNoOtherCursors() async throws {
        let token = try await all()
        for key in ["x", "0", "-1", "99999999999999999999"] {
            #expect(try await world.ask(.GET, "/api/v1/audit?cursor=\(Cursor.text(for: key))", token).status == .badRequest)
        }
    }

    @Test func messagesLeadBothWays() async throws {
        let (token, path) = (try await all(), "/api/v1/channels/c/messages")
        for query in ["?limit=1", "?limit=1&after=m0"] {
            let found = try await page(path + query, token)
            _ = try await world.json("\(path)?cursor=\(try #require(found.next))", token)
        }
        #expect(world.test.world.places == [.newest, .before("m1"), .after("m0"), .after("m1")])
        #expect(try await world.ask(.GET, path + "?after=gone", token).status == .notFound)
        #expect(try await world.ask(.GET, path + "?after=", token).status == .badRequest)
        #expect(try await world.ask(.GET, path + "?cursor=\(Cursor.text(for: "m1"))", token).status == .badRequest)
    }

    @Test(arguments: [
        "/api/v1/clients/bob", "/api/v1/channels/d", "/api/v1/channels/d/members", "/api/v1/channels/d/messages", "/api/v1/accounts/bob",
        "/api/v1/channels/%FF", "/api/v1/channels/d/pins",
    ])
    func whatIsNotThereIsNotFound(_ path: String) async throws {
        #expect(try await world.ask(.GET, path, all()).status == .notFound)
    }

    /// Errors of the API are problems wherever they come from.
    @Test func errorsAreProblems() async throws {
        for (method, target) in [(HTTPMethod.GET, "/api/v1/nothing"), (.DELETE, "/api/v1/server"), (.GET, "/api/")] {
            let response = await world.test.sidecar.router.respond(
                to: HTTPRequest(
                    method: method, target: try #require(RequestTarget(target)), headers: [:], body: .init(), address: "192.0.2.1"))
            #expect(response.headers["Content-Type"] == ["application/problem+json"], "\(target)")
        }
    }
}
