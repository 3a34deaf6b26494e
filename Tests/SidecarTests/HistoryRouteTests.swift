import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Testing

@testable import Sidecar

@LoopActor @Suite struct HistoryRouteTests {
    private let test = TestSidecar()

    private func get(_ target: String, from address: String = "192.0.2.1") async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: .GET, target: try #require(RequestTarget(target)), headers: [:], body: ByteBuffer(), address: address))
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
