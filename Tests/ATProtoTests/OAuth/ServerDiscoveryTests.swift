import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import ATProto

@LoopActor
@Suite struct ServerDiscoveryTests {
    private let clock = VirtualClock()

    private static let good: [ScriptedFetcher.Answer] = [
        .success(.json(String(decoding: ServerMetadata.resource(), as: UTF8.self))),
        .success(.json(String(decoding: ServerMetadata.server(), as: UTF8.self))),
    ]

    private func discovery(_ fetcher: ScriptedFetcher, limits: ServerDiscovery.Limits = .init()) -> ServerDiscovery {
        ServerDiscovery(fetcher: fetcher, clock: clock, allowsHTTP: false, limits: limits)
    }

    private func pds() throws -> Origin { try #require(Origin(ServerMetadata.pds)) }

    @Test func followsTheTwoDocuments() async throws {
        let fetcher = ScriptedFetcher(Self.good)
        let server = try await discovery(fetcher).server(of: pds(), fresh: false)
        #expect(server.issuer == ServerMetadata.issuer)
        #expect(
            fetcher.requests.map(\.url) == [
                "https://pds.example.com/.well-known/oauth-protected-resource",
                "https://as.example.com/.well-known/oauth-authorization-server",
            ])
    }

    @Test func remembersForAMinuteUnlessAskedAfresh() async throws {
        let fetcher = ScriptedFetcher(Self.good + Self.good + Self.good)
        let discovery = discovery(fetcher)
        _ = try await discovery.server(of: pds(), fresh: false)
        clock.advance(by: .seconds(59))
        _ = try await discovery.server(of: pds(), fresh: false)
        #expect(fetcher.requests.count == 2)
        _ = try await discovery.server(of: pds(), fresh: true)
        #expect(fetcher.requests.count == 4)
        clock.advance(by: .seconds(60))
        _ = try await discovery.server(of: pds(), fresh: false)
        #expect(fetcher.requests.count == 6)
    }

    @Test func failuresAreNotRemembered() async throws {
        let fetcher = ScriptedFetcher([.failure(.timeout)] + Self.good)
        let discovery = discovery(fetcher)
        await #expect(throws: OAuthError.self) { try await discovery.server(of: pds(), fresh: false) }
        #expect(try await discovery.server(of: pds(), fresh: false).issuer == ServerMetadata.issuer)
    }

    @Test func concurrentCallersShareOneLookUp() async throws {
        let fetcher = ScriptedFetcher(Self.good)
        let discovery = discovery(fetcher)
        fetcher.hold()
        let pds = try pds()
        let callers = (0..<20).map { _ in Task { try await discovery.server(of: pds, fresh: true).issuer } }
        await fetcher.held()
        fetcher.release()
        for caller in callers { #expect(try await caller.value == ServerMetadata.issuer) }
        #expect(fetcher.requests.count == 2)
    }

    @Test func isBounded() async throws {
        var limits = ServerDiscovery.Limits()
        limits.remembered = 1
        limits.concurrent = 1
        let other = String(decoding: ServerMetadata.resource(["resource": "https://other.example.com"]), as: UTF8.self)
        let open = String(decoding: ServerMetadata.server(["protected_resources": nil]), as: UTF8.self)
        let fetcher = ScriptedFetcher(Self.good + [.success(.json(other)), .success(.json(open))])
        let discovery = discovery(fetcher, limits: limits)
        let (first, second) = (try pds(), try #require(Origin("https://other.example.com")))
        fetcher.hold()
        let running = Task { try await discovery.server(of: first, fresh: true).issuer }
        await fetcher.held()
        await #expect(throws: OAuthError.self) { try await discovery.server(of: second, fresh: true) }
        fetcher.release()
        _ = try await running.value
        _ = try await discovery.server(of: second, fresh: true)
        #expect(discovery.count == 1)
    }

    @Test func refusesOtherStatusAndMediaType() async throws {
        let html = FetchResponse(
            status: 200, headers: FetchHeaders([("Content-Type", "text/html")]), body: ServerMetadata.resource(), finalURL: "")
        for answer in [FetchResponse.json("{}", status: 404), .json("{}", status: 201), html] {
            let discovery = discovery(ScriptedFetcher([.success(answer)]))
            await #expect(throws: OAuthError.self) { try await discovery.server(of: pds(), fresh: false) }
        }
    }
}
