import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@LoopActor @Suite struct IdentityResolverTests {
    private let did = "did:plc:abcdefghijklmnopqrstuvwx"
    private let other = "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"

    private func document(of did: String, handle: String) -> String {
        #"{"id":"\#(did)","alsoKnownAs":["at://\#(handle)"]}"#
    }

    private func resolver(_ net: FakeNet, clock: VirtualClock = VirtualClock(), capacity: Int = 100) throws -> IdentityResolver {
        IdentityResolver(policy: try #require(NetworkPolicy()), fetcher: net, dns: net, clock: clock, cacheCapacity: capacity)
    }

    @Test func dnsComesFirst() async throws {
        let net = FakeNet()
        net.texts["_atproto.alice.example.com"] = ["v=spf1", "did=\(did)"]
        net.answers["https://alice.example.com/.well-known/atproto-did"] = (200, other)
        let found = try await resolver(net).resolve(handle: #require(Handle("alice.example.com")))
        #expect(found.text == did)
        #expect(net.requests.isEmpty)
    }

    @Test func ambiguousOrSilentDNSLeavesItToHTTPS() async throws {
        for texts in [["did=\(did)", "did=\(other)"], [], ["did=nonsense"]] {
            let net = FakeNet()
            net.texts["_atproto.alice.example.com"] = texts
            net.answers["https://alice.example.com/.well-known/atproto-did"] = (200, "  \(other) \n")
            let found = try await resolver(net).resolve(handle: #require(Handle("alice.example.com")))
            #expect(found.text == other)
        }
    }

    @Test func aHandleCountsInBothDirectionsOnly() async throws {
        let net = FakeNet()
        let known = try #require(DID(did))
        net.texts["_atproto.alice.example.com"] = ["did=\(did)"]
        net.texts["_atproto.mallory.example.com"] = ["did=\(other)"]
        net.answers["https://plc.directory/did%3Aplc%3Aabcdefghijklmnopqrstuvwx"] = (200, document(of: did, handle: "alice.example.com"))
        #expect(try await resolver(net).verifiedHandle(of: known)?.text == "alice.example.com")
        net.answers["https://plc.directory/did%3Aplc%3Aabcdefghijklmnopqrstuvwx"] = (200, document(of: did, handle: "mallory.example.com"))
        #expect(try await resolver(net).verifiedHandle(of: known) == nil)
    }

    @Test func answersAreKeptForAWhileUnlessFreshOnesAreWanted() async throws {
        let (net, clock) = (FakeNet(), VirtualClock())
        let known = try #require(DID(did))
        let url = "https://plc.directory/did%3Aplc%3Aabcdefghijklmnopqrstuvwx"
        net.answers[url] = (200, document(of: did, handle: "a.example.com"))
        let resolver = try resolver(net, clock: clock)
        for _ in 0..<3 { _ = try await resolver.resolve(did: known, fresh: false) }
        #expect(net.requests.count == 1)
        _ = try await resolver.resolve(did: known, fresh: true)
        #expect(net.requests.count == 2)
        clock.advance(by: .seconds(301))
        _ = try await resolver.resolve(did: known, fresh: false)
        #expect(net.requests.count == 3)
    }

    @Test func failuresAreToldApart() async throws {
        let net = FakeNet()
        let known = try #require(DID(did))
        let url = "https://plc.directory/did%3Aplc%3Aabcdefghijklmnopqrstuvwx"
        net.answers[url] = (404, "")
        await #expect(throws: IdentityError.notFound(did)) { try await resolver(net).resolve(did: known, fresh: false) }
        net.answers[url] = (410, "")
        await #expect(throws: IdentityError.tombstoned(did)) { try await resolver(net).resolve(did: known, fresh: false) }
        net.answers[url] = (503, "")
        await #expect { try await resolver(net).resolve(did: known, fresh: false) } throws: { ($0 as? IdentityError)?.isTemporary == true }
        net.answers[url] = (200, document(of: other, handle: "a.example.com"))
        await #expect(throws: IdentityError.self) { try await resolver(net).resolve(did: known, fresh: false) }
        await #expect(throws: IdentityError.self) { try await resolver(net).resolve(handle: #require(Handle("a.local"))) }
    }

    @Test(arguments: [(404, false), (403, false), (429, true), (500, true), (503, true)])
    func aHostThatIsDownSaysNothingOfTheHandle(_ status: Int, _ isTemporary: Bool) async throws {
        let net = FakeNet()
        let handle = try #require(Handle("a.example.com"))
        net.answers["https://a.example.com/.well-known/atproto-did"] = (status, "")
        await #expect {
            try await resolver(net).resolve(handle: handle)
        } throws: { error in
            (error as? IdentityError)?.isTemporary == isTemporary
        }
    }

    @Test func aKeyIsItsOwnDocument() async throws {
        let did = try #require(DID("did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"))
        let net = FakeNet()
        #expect(try await resolver(net).resolve(did: did, fresh: true).authenticationKeys.count == 1)
        #expect(net.requests.isEmpty)
    }

    @Test func manyWhoAskAtOnceShareOneLookUp() async throws {
        let net = FakeNet()
        let known = try #require(DID(did))
        net.answers["https://plc.directory/did%3Aplc%3Aabcdefghijklmnopqrstuvwx"] = (200, document(of: did, handle: "a.example.com"))
        let resolver = try resolver(net)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try? await resolver.resolve(did: known, fresh: false) } }
        }
        #expect(net.requests.count == 1)
    }
}

/// A network that a test makes up; what it does not know is not there.
@LoopActor final class FakeNet: Fetching, TextLookup {
    var texts: [String: [String]] = [:]
    var answers: [String: (status: Int, body: String)] = [:]
    private(set) var requests: [String] = []

    func texts(of name: String) async throws(DNSError) -> [String] {
        texts[name] ?? []
    }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request.url)
        await Task.yield()
        guard let answer = answers[request.url] else { throw .unreachable(reason: "nothing there") }
        return FetchResponse(status: answer.status, headers: FetchHeaders([]), body: Data(answer.body.utf8), finalURL: request.url)
    }
}
