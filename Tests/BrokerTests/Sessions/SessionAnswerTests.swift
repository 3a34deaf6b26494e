import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Broker

@LoopActor
@Suite struct SessionAnswerTests {
    private typealias House = BrokerHouse

    @Test func answersWithAWebTokenForTheAccount() async throws {
        let house = try House()
        let token = try await house.login()
        let answer = try await house.broker.session(brokerToken: token)
        #expect(answer.nick == "alice")
        #expect(answer.did == House.alice)
        #expect(answer.handle == "alice.bsky.social")
        #expect(house.webTokens.redeem(answer.token)?.did.text == House.alice)
        #expect(try await house.broker.session(brokerToken: token).token != answer.token)
    }

    @Test(arguments: ["", "x", "unknown-token-unknown-token", String(repeating: "a", count: 10_000)])
    func unknownTokensAreRefused(_ token: String) async throws {
        let house = try House()
        await #expect(throws: BrokerError.unknownToken) { try await house.broker.session(brokerToken: token) }
        #expect(BrokerError.unknownToken.message == "Invalid broker token")
        #expect(BrokerError.sessionDead.message == "Session expired — re-authentication required")
    }

    @Test func aFloodWithOneTokenIsCut() async throws {
        var limits = BrokerLimits()
        limits.sessionBurst = 5
        limits.sessionsPerSecond = 0.5
        let house = try House(limits: limits)
        let (flooder, other) = (try await house.login(), try await house.login())
        for _ in 0..<5 { #expect(await house.status(flooder) == 200) }
        await #expect(throws: BrokerError.tooMany(retryAfter: 2)) { try await house.broker.session(brokerToken: flooder) }
        #expect(await house.status(other) == 200)
        house.clock.advance(by: .seconds(2))
        #expect(await house.status(flooder) == 200)
        #expect(await house.status(flooder) == 429)
    }

    @Test func theHandleIsVerifiedAgainNowAndThen() async throws {
        var limits = BrokerLimits()
        limits.sessionBurst = 1000
        let house = try House(limits: limits)
        house.network.faults.accessLifetime = 3600
        let token = try await house.login()
        for _ in 0..<10 { #expect(await house.status(token) == 200) }
        #expect(house.directory.verifications == 1)
        house.clock.advance(by: .seconds(601))
        let callers = (0..<20).map { _ in Task { await house.status(token) } }
        for caller in callers { #expect(await caller.value == 200) }
        #expect(house.directory.verifications == 2)
    }

    @Test func aHandleThatIsLostIsNotShownForLong() async throws {
        let house = try House()
        house.network.faults.accessLifetime = 3600
        let token = try await house.login()
        house.directory.verifiesHandles = false
        house.clock.advance(by: .seconds(1000))
        #expect(try await house.broker.session(brokerToken: token).handle == "alice.bsky.social")
        house.clock.advance(by: .seconds(4000))
        let answer = try await house.broker.session(brokerToken: token)
        #expect(answer.handle == "handle.invalid")
        #expect(answer.nick == "plc-ewvi7nxz")
        #expect(house.webTokens.redeem(answer.token)?.handle == nil)
        house.directory.verifiesHandles = true
        #expect(try await house.broker.session(brokerToken: token).handle == "alice.bsky.social")
    }

    @Test func startForgetsWhatNobodyUses() async throws {
        let house = try House()
        let token = try await house.login()
        house.clock.advance(by: .seconds(191 * 86_400))
        try await house.broker.start()
        #expect(await house.status(token) == 401)
        #expect(try await house.session(token) == nil)
    }
}

@Suite struct SuggestedNickTests {
    @Test(arguments: [
        ("alice.bsky.social", "alice"), ("alice.bsky.app", "alice"), ("alice.bsky.team", "alice"), ("alice.bsky.network", "alice"),
        ("alice.example.net", "alice.example.net"), ("bsky.social", "bsky.social"), ("a.b.bsky.social", "a.b"),
    ])
    func fromHandle(_ handle: String, _ nick: String) throws {
        let did = try #require(DID("did:web:example.com"))
        #expect(SuggestedNick.make(handle: Handle(handle), did: did) == nick)
    }

    @Test func fromDID() throws {
        #expect(SuggestedNick.make(handle: nil, did: try #require(DID("did:plc:ewvi7nxzyoun6zhxrhs64oiz"))) == "plc-ewvi7nxz")
        #expect(SuggestedNick.make(handle: nil, did: try #require(DID("did:web:example.com"))) == "web-examplec")
    }
}

@LoopActor
@Suite struct RequestAllowanceTests {
    @Test func isBounded() {
        let clock = VirtualClock()
        let allowance = RequestAllowance(burst: 1, perSecond: 1, capacity: 2, clock: clock)
        for name in ["a", "b", "c"] { #expect(allowance.take(Data(name.utf8)) == nil) }
        #expect(allowance.count == 2)
        #expect(allowance.take(Data("c".utf8)) == .seconds(1))
        #expect(allowance.take(Data("a".utf8)) == nil)
    }
}
