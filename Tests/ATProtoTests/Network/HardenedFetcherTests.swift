import Foundation
import Logging
import MainLoop
import NIOCore
import RoostTesting
import Testing

@testable import ATProto

@Suite struct HardenedFetcherTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A peer, and a fetcher that may go there.
    private func withFetcher(_ body: (HardenedFetcher, ATProtoPeer) async throws -> Void) async throws {
        try await withATProtoPeer { peer in
            var policy = try #require(NetworkPolicy())
            policy.allowLoopback = true
            let server = peer.nameServer.split(separator: ":")
            policy.dnsServer = NetworkPolicy.Server(host: String(server[0]), port: try #require(Int(server[1])))
            let fetcher = HardenedFetcher(policy: policy, dns: DNSClient(policy: policy), logger: logger)
            let result: Result<Void, any Error>
            do { result = .success(try await body(fetcher, peer)) } catch { result = .failure(error) }
            await fetcher.shutdown()
            try result.get()
        }
    }

    /// Patient, unless a test is about the limit: the loop is busy when all tests run at once.
    private func get(_ url: String, limits: FetchLimits = FetchLimits(bytes: 64 << 10, time: .seconds(100))) -> FetchRequest {
        FetchRequest(method: "GET", url: url, limits: limits)
    }

    @Test func fetchesFromThisMachineWhenThatIsAllowed() async throws {
        try await withFetcher { fetcher, peer in
            let answer = try await fetcher.fetch(get(peer.origins.pds + "/.well-known/oauth-protected-resource"))
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"]?.contains("json") == true)
        }
    }

    /// The name is public, one of its addresses is not: there is no address to connect to.
    @Test(arguments: [
        ["10.0.0.1"], ["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "192.168.1.1"],
    ])
    func aPrivateAddressBehindAPublicNameIsRefused(_ addresses: [String]) async throws {
        try await withATProtoPeer { peer in
            peer.setName("rebind.example.com", .addresses(addresses))
            var policy = try #require(NetworkPolicy())
            let server = peer.nameServer.split(separator: ":")
            let nameServer = NetworkPolicy.Server(host: String(server[0]), port: try #require(Int(server[1])))
            policy.dnsServer = nameServer
            // Patient: the loop is busy when all tests run at once.
            let dns = DNSClient(servers: [nameServer], tries: 2, tryTime: .seconds(20))
            let lookup = AddressLookup(policy: policy, dns: dns)
            let url = try CheckedURL("https://rebind.example.com/", policy: policy)
            await #expect { try await lookup.addresses(of: url) } throws: { error in
                if case FetchError.refused = error { true } else { false }
            }
            // With loopback allowed, that one is let through, and only that one.
            policy.allowLoopback = true
            let open = try? await AddressLookup(policy: policy, dns: dns).addresses(of: url)
            #expect(open == (addresses == ["127.0.0.1"] ? addresses : nil))
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        try await withFetcher { fetcher, peer in
            peer.add(PeerFault(.redirect(to: "http://127.0.0.1:1/"), at: .resourceMetadata))
            let answer = try await fetcher.fetch(get(peer.origins.pds + "/.well-known/oauth-protected-resource"))
            #expect((300..<400).contains(answer.status))
        }
    }

    @Test func sizeAndTimeAreBounded() async throws {
        try await withFetcher { fetcher, peer in
            let url = peer.origins.pds + "/.well-known/oauth-protected-resource"
            peer.add(PeerFault(.oversize(bytes: 200_000), at: .resourceMetadata))
            await #expect(throws: FetchError.tooLarge) { try await fetcher.fetch(get(url)) }
            peer.add(PeerFault(.slowBody(.seconds(30)), at: .resourceMetadata))
            await #expect(throws: FetchError.timeout) {
                try await fetcher.fetch(get(url, limits: FetchLimits(bytes: 1000, time: .milliseconds(300))))
            }
        }
    }

    @Test func errorsTellWhetherTheServerMayHaveActed() async throws {
        try await withFetcher { fetcher, peer in
            peer.add(PeerFault(.drop(.after), at: .resourceMetadata))
            await #expect { try await fetcher.fetch(get(peer.origins.pds + "/.well-known/oauth-protected-resource")) } throws: { error in
                (error as? FetchError)?.mayHaveReachedServer == true
            }
            let port = try await TestPorts.free()
            await #expect { try await fetcher.fetch(get("http://127.0.0.1:\(port)/")) } throws: { error in
                (error as? FetchError)?.mayHaveReachedServer == false
            }
            await #expect { try await fetcher.fetch(get("http://nothing.test/")) } throws: { error in
                (error as? FetchError)?.mayHaveReachedServer == false
            }
        }
    }
}
