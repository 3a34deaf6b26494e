import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import ATProto

/// Whoever asks to be left alone is left alone.
@LoopActor @Suite struct PatientFetcherTests {
    private let clock = VirtualClock()

    private func answer(_ status: Int, _ retryAfter: String?) -> ScriptedFetcher.Answer {
        let headers = retryAfter.map { [("retry-after", $0)] } ?? []
        return .success(FetchResponse(status: status, headers: FetchHeaders(headers), body: Data(), finalURL: ""))
    }

    /// The status, or how long to wait.
    private func ask(_ fetcher: PatientFetcher, _ url: String = "https://a.example.com/x") async -> Result<Int, FetchError> {
        do throws(FetchError) {
            return .success(try await fetcher.fetch(FetchRequest(method: "GET", url: url, limits: .document)).status)
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: [
        (503, "30", 30), (429, "30", 30), (503, "0", 1), (429, "3600", 300), (503, "99999999999999999999", 300),
        (503, "Thu, 01 Jan 2026 00:02:00 GMT", 120), (429, "Wed, 31 Dec 2025 00:00:00 GMT", 1),
    ])
    func anOriginIsLeftAloneForAsLongAsItAsks(_ status: Int, _ header: String, _ seconds: Int) async throws {
        let script = ScriptedFetcher([answer(status, header), answer(200, nil), answer(200, nil)])
        let fetcher = PatientFetcher(script, clock: clock)
        let wait = Duration.seconds(seconds)
        #expect(await ask(fetcher) == .failure(.askedToWait(wait)))
        clock.advance(by: wait - .milliseconds(1))
        #expect(await ask(fetcher, "https://a.example.com/y") == .failure(.askedToWait(.milliseconds(1))))
        // Others are none of its business.
        #expect(await ask(fetcher, "https://a.example.com:8443/x") == .success(200))
        #expect(script.requests.count == 2)
        clock.advance(by: .milliseconds(1))
        #expect(await ask(fetcher) == .success(200))
        #expect(fetcher.count == 0)
    }

    @Test(arguments: [(503, nil), (429, "soon"), (500, "30"), (404, "30"), (200, "30"), (301, "30")] as [(Int, String?)])
    func otherAnswersComeThrough(_ status: Int, _ header: String?) async throws {
        let fetcher = PatientFetcher(ScriptedFetcher([answer(status, header), answer(200, nil)]), clock: clock)
        #expect(await ask(fetcher) == .success(status))
        #expect(await ask(fetcher) == .success(200))
    }

    @Test func theMemoryIsBounded() async throws {
        let fetcher = PatientFetcher(ScriptedFetcher(Array(repeating: answer(503, "30"), count: 3)), clock: clock, capacity: 2)
        for index in 0..<3 { _ = await ask(fetcher, "https://\(index).example.com/") }
        #expect(fetcher.count == 2)
        // The first was forgotten and is asked again; the script is at its end.
        #expect(await ask(fetcher, "https://0.example.com/") == .failure(.timeout))
        #expect(await ask(fetcher, "https://2.example.com/") == .failure(.askedToWait(.seconds(30))))
    }

    @Test func nothingWasSent() {
        #expect(!FetchError.askedToWait(.seconds(1)).mayHaveReachedServer)
    }

    /// The directory, a did:web host, the host of a handle.
    @Test(arguments: ["did:plc:abcdefghijklmnopqrstuvwx", "did:web:example.com", "alice.example.com"])
    func lookUpsOfIdentitiesWait(_ name: String) async throws {
        let script = ScriptedFetcher([answer(429, "3600"), .failure(.timeout)])
        let resolver = IdentityResolver(
            policy: try #require(NetworkPolicy()), fetcher: script, dns: SilentNames(), clock: clock)
        func wait() async -> Duration? {
            do throws(IdentityError) {
                if let did = DID(name) {
                    _ = try await resolver.resolve(did: did, fresh: true)
                } else if let handle = Handle(name) {
                    _ = try await resolver.resolve(handle: handle)
                }
                return nil
            } catch {
                return error.retryAfter
            }
        }
        #expect(await wait() == .seconds(300))
        clock.advance(by: .seconds(100))
        #expect(await wait() == .seconds(200))
        #expect(script.requests.count == 1)
        clock.advance(by: .seconds(200))
        #expect(await wait() == nil)
        #expect(script.requests.count == 2)
    }

    @Test func lookUpsOfServersWait() async throws {
        let script = ScriptedFetcher([.success(.json(String(decoding: ServerMetadata.resource(), as: UTF8.self))), answer(503, "60")])
        let discovery = ServerDiscovery(fetcher: script, clock: clock, allowsHTTP: false)
        let pds = try #require(Origin(ServerMetadata.pds))
        func wait() async -> Duration? {
            do throws(OAuthError) {
                _ = try await discovery.server(of: pds, fresh: true)
                return nil
            } catch {
                return error.retryAfter
            }
        }
        #expect(await wait() == .seconds(60))
        #expect(script.requests.count == 2)
    }
}

/// A name server that knows nothing.
private struct SilentNames: TextLookup {
    func texts(of name: String) async throws(DNSError) -> [String] { [] }
}
