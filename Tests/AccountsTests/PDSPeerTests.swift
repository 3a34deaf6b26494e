import ATProto
import Logging
import MainLoop
import RoostTesting
import Testing

@testable import Accounts

/// A token is shown to a PDS over sockets, and the PDS does what it likes.
@LoopActor @Suite struct PDSPeerTests {
    private func withLogin(_ body: @LoopActor (PDSLogin, ATProtoPeer) async throws -> Void) async throws {
        try await withATProtoPeer { peer in
            var policy = try #require(NetworkPolicy(plcDirectory: peer.origins.plc))
            policy.allowLoopback = true
            let (clock, dns) = (SystemClock(), DNSClient(policy: policy))
            let fetcher = HardenedFetcher(policy: policy, dns: dns, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let resolver = IdentityResolver(policy: policy, fetcher: fetcher, dns: dns, clock: clock)
            do {
                try await body(PDSLogin(resolver: resolver, fetcher: fetcher, clock: clock), peer)
            } catch {
                await fetcher.shutdown()
                throw error
            }
            await fetcher.shutdown()
        }
    }

    private func failure(_ login: PDSLogin, _ token: String, of did: String, at pds: String) async throws -> SASLFailure? {
        let (did, origin) = (try #require(DID(did)), try #require(Origin(pds)))
        let token = try #require(PDSToken(token, proof: nil, of: did, at: origin))
        do throws(SASLFailure) {
            try await login.check(token)
            return nil
        } catch {
            return error
        }
    }

    @Test func aGoodTokenAndABadAnswer() async throws {
        try await withLogin { login, peer in try await self.story(login, peer) }
    }

    private func story(_ login: PDSLogin, _ peer: ATProtoPeer) async throws {
        let (alice, bob) = (peer.addAccount("alice.test"), peer.addAccount("bob.test"))
        let token = peer.openPasswordSession(of: alice.did)
        func failure(of did: String? = nil) async throws -> SASLFailure? {
            try await self.failure(login, token, of: did ?? alice.did, at: peer.origins.pds + "/")
        }
        #expect(try await failure() == nil)
        // It is good at the same PDS, and somebody else's.
        #expect(try await failure(of: bob.did) == .rejected)
        #expect(try await self.failure(login, "other", of: alice.did, at: peer.origins.pds) == .rejected)
        let before = peer.counters.requests[.unknown]
        let bad: [(PeerFault.Action, SASLFailure)] = [
            (.redirect(to: peer.origins.pds + "/elsewhere"), .rejected), (.oversize(bytes: 1 << 20), .rejected),
            (.patch(["did": .string(bob.did)]), .rejected), (.body("{"), .rejected), (.status(503, .before), .unavailable),
            (.drop(.after), .unavailable), (.truncate(bytes: 5), .unavailable),
        ]
        for (action, expected) in bad {
            peer.add(PeerFault(action, at: .getSession))
            #expect(try await failure() == expected, "\(action)")
        }
        #expect(peer.counters.requests[.unknown] == before)
        peer.change(alice.did) { $0.status = .deactivated }
        #expect(try await failure() == .gone("the account is not active at its PDS"))
        peer.change(alice.did) { $0.status = .takenDown }
        #expect(try await failure() == .rejected)
        // A document that leads to another place takes the token there only if the client says so too.
        peer.change(alice.did) { ($0.status, $0.pds) = (.active, "http://127.0.0.1:1") }
        let asked = peer.counters.requests[.getSession]
        #expect(try await failure() == .otherPDS)
        #expect(peer.counters.requests[.getSession] == asked)
    }
}
