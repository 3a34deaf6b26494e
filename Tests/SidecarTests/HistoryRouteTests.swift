import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Store
import Testing

@testable import Sidecar

@LoopActor @Suite struct HistoryRouteTests {
    private let test = TestSidecar()

    private func get(
        _ target: String, _ headers: HTTPHeaders = [:], from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: .GET, target: try #require(RequestTarget(target)), headers: headers, body: ByteBuffer(), address: address))
    }

    @Test(arguments: ["c", "%23c"])
    func pinsOfAnOpenChannel(_ name: String) async throws {
        let response = try await get("/api/v1/channels/\(name)/pins")
        #expect(response.status == .ok && String(buffer: response.body) == ##"{"channel":"#c","pins":[]}"##)
    }

    @Test(arguments: ["/api/v1/channels/other/pins", "/api/v1/channels//pins", "/api/v1/channels/c/pins/x", "/api/v1/channels/c"])
    func othersAreNotThere(_ path: String) async throws {
        #expect(try await get(path).status == .notFound)
    }

    /// A closed channel is the same as none; a token that is none is not taken for nobody.
    @Test func pinsOfAClosedChannelAreForTheBearer() async throws {
        let path = "/api/v1/channels/closed/pins"
        #expect(try await get(path, ["Authorization": "Bearer live"]).status == .ok)
        let (closed, none) = (try await get(path), try await get("/api/v1/channels/none/pins"))
        #expect(closed.status == .notFound && closed.body == none.body && closed.headers.description == none.headers.description)
        let token = try await test.tokens.create(APIToken(name: "bot", scopes: [.services], createdAt: 0)) ?? "-"
        #expect(try await get(path, ["Authorization": "Bearer \(token)"]).status == .notFound)
        for name in ["closed", "none", "c"] {
            #expect(try await get("/api/v1/channels/\(name)/pins", ["Authorization": "Bearer dead"]).status == .unauthorized)
        }
    }

    @Test func anExportComesInPages() async throws {
        test.world.export.next = 42
        let response = try await get("/export?token=good&after=7")
        #expect(response.status == .ok && String(buffer: response.body) == "{}\n")
        #expect(response.headers["Link"] == ["</export?token=good&after=42>; rel=\"next\""])
        #expect(test.world.asked == [7])
    }

    @Test func tokensAreNotGuessed() async throws {
        for _ in 0..<test.sidecar.configuration.limits.unknownTokens { #expect(try await get("/export?token=bad").status == .notFound) }
        #expect(try await get("/export?token=good").status == .tooManyRequests)
        #expect(try await get("/export?token=good", from: "198.51.100.1").status == .ok)
    }
}
