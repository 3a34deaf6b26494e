import ATProto
import Accounts
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

/// Sessions are seen, named and ended by their owners; what is ended is dead at once.
@LoopActor
@Suite struct OwningTests {
    private typealias House = BrokerHouse

    private func webToken(_ house: House, _ token: String) async throws -> String {
        try await house.broker.session(brokerToken: token).token
    }

    @Test func theOwnerSeesAndNamesThem() async throws {
        let house = try House()
        let (first, second) = (try await house.login(), try await house.login())
        _ = try await house.login(handle: "bob.example.net", as: House.bob)
        let own = try await house.broker.webLogins(brokerToken: second)
        #expect(own.all.map(\.number) == [1, 2] && own.current == own.all[1].id)
        #expect(try await house.broker.nameWebLogin(own.all[0].id, as: "laptop", brokerToken: second))
        #expect(try await house.broker.webLogins(brokerToken: first).all[0].name == "laptop")
        let bobs = try await house.broker.webLogins(of: #require(DID(House.bob)))
        #expect(try await !house.broker.nameWebLogin(bobs[0].id, as: "mine", brokerToken: first))
        #expect(try await !house.broker.endWebLogin(bobs[0].id, brokerToken: first))
        await #expect(throws: BrokerError.unknownToken) {
            try await house.broker.webLogins(brokerToken: "somebody-elses-token-1234")
        }
    }

    @Test func theLoginIsKnownByWhereItCameFrom() async throws {
        let house = try House()
        var request = LoginRequest(handle: "alice.bsky.social")
        request.place = LoginPlace(address: "192.0.2.9", agent: "Browser/1")
        let start = try await house.broker.beginLogin(request)
        let (state, code) = try #require(house.network.consent(start.authorizationURL, as: House.alice))
        let result = try House.result(of: await house.broker.finishLogin(LoginCallback(state: state, code: code, iss: Network.issuer)))
        let login = try #require(try await house.broker.webLogins(brokerToken: result.broker_token).all.first)
        #expect(login.place == request.place)
    }

    @Test func aSessionThatIsEndedIsDeadAtOnce() async throws {
        let house = try House()
        let (first, second) = (try await house.login(), try await house.login())
        let (token, other) = (try await webToken(house, first), try await webToken(house, second))
        let own = try await house.broker.webLogins(brokerToken: first)
        let requests = house.network.requests.count
        #expect(try await house.broker.endWebLogin(own.current, brokerToken: second))
        await #expect(throws: BrokerError.sessionDead) { try await house.broker.session(brokerToken: first) }
        #expect(house.webTokens.redeem(token) == nil)
        #expect(house.webTokens.redeem(other) != nil)
        #expect(house.people.ended == [[own.current]] && house.people.reasons == ["signed out"])
        #expect(await eventually { house.network.revocations == 1 })
        #expect(house.network.sessions.count == 1 && house.network.requests.count > requests)
        #expect(await house.status(second) == 200)
        #expect(try await !house.broker.endWebLogin(own.current, brokerToken: second))
        #expect(try await house.broker.webLogins(brokerToken: second).all.map(\.endedBecause) == ["signed out", nil])
    }

    @Test func allOfThemOrAllOthers() async throws {
        let house = try House()
        let tokens = [try await house.login(), try await house.login(), try await house.login()]
        let bob = try await house.login(handle: "bob.example.net", as: House.bob)
        #expect(try await house.broker.endWebLogins(exceptCurrent: true, brokerToken: tokens[0]) == 2)
        #expect(await house.status(tokens[0]) == 200)
        for token in tokens.dropFirst() { #expect(await house.status(token) == 401) }
        #expect(try await house.broker.endWebLogins(exceptCurrent: false, brokerToken: tokens[0]) == 1)
        #expect(await house.status(tokens[0]) == 401)
        #expect(await house.status(bob) == 200)
        #expect(await eventually { house.network.revocations == 3 })
    }

    @Test func loggingOutTwiceDoesNoHarm() async throws {
        let house = try House()
        let token = try await house.login()
        try await house.broker.logOut(brokerToken: token)
        try await house.broker.logOut(brokerToken: token)
        #expect(await house.status(token) == 401)
        await #expect(throws: BrokerError.unknownToken) { try await house.broker.logOut(brokerToken: "unknown-token-unknown-token") }
        #expect(await eventually { house.network.revocations == 1 })
    }

    @Test func byNumberForPeople() async throws {
        let house = try House()
        let alice = try #require(DID(House.alice))
        let tokens = [try await house.login(), try await house.login()]
        #expect(try await house.broker.nameWebLogin(2, of: alice, as: "phone"))
        #expect(try await !house.broker.nameWebLogin(3, of: alice, as: "phone"))
        #expect(try await house.broker.endWebLogin(1, of: alice, reason: "by an operator"))
        #expect(try await !house.broker.endWebLogin(1, of: alice, reason: "by an operator"))
        #expect(await house.status(tokens[0]) == 401)
        #expect(try await house.broker.endWebLogins(of: alice, reason: "account deleted") == 1)
        #expect(house.people.reasons == ["by an operator", "account deleted"])
    }

    @Test func whatARefreshBringsTooLateIsGivenBack() async throws {
        let house = try House()
        let token = try await house.login()
        let id = try #require(try await house.session(token)?.id)
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let caller = Task { await house.status(token) }
        await gate.arrived()
        #expect(try await house.broker.endWebLogin(1, of: #require(DID(House.alice)), reason: "x"))
        // The server did not know the old token any more when it was given back: as if it had rotated before.
        #expect(await house.status(token) == 401)
        gate.open()
        #expect(await caller.value == 401)
        #expect(await eventually { house.network.sessions.isEmpty })
        #expect(try await house.store.secrets(id: id) == nil)
        #expect(house.people.doubted.isEmpty)
    }

    @Test func theNewTokenOfAnEndedSessionIsRevoked() async throws {
        let observer = Pause()
        let house = try House(observer: observer)
        let token = try await house.login()
        house.expire()
        let caller = Task { await house.status(token) }
        await observer.gate.arrived()
        // The server has rotated; its answer is not stored yet.
        #expect(try await house.broker.endWebLogin(1, of: #require(DID(House.alice)), reason: "x"))
        #expect(await eventually { house.network.revocations == 1 })
        #expect(house.network.sessions.count == 1)
        observer.gate.open()
        #expect(await caller.value == 401)
        #expect(await eventually { house.network.revocations == 2 })
        #expect(house.network.sessions.isEmpty)
    }

    /// Holds a refresh between the answer of the server and the database.
    private final class Pause: RefreshObserver {
        let gate: Gate

        @LoopActor init() { gate = Gate() }

        func refresh(of did: DID, reached step: RefreshStep) async {
            if step == .answered { await gate.pass() }
        }
    }

    @Test func aSuspendedAccountIsRefusedWithoutAskingItsServer() async throws {
        let house = try House()
        let accounts = AccountStore(house.database)
        _ = try await accounts.logIn(did: House.alice, now: 0)
        let token = try await house.login()
        house.expire()
        try await accounts.suspend(name: House.alice, reason: "spam")
        let requests = house.network.requests.count
        await #expect(throws: BrokerError.suspended("spam")) { try await house.broker.session(brokerToken: token) }
        #expect(BrokerError.suspended("spam").status == 403)
        await #expect(throws: BrokerError.suspended("spam")) { try await house.broker.webLogins(brokerToken: token) }
        #expect(house.network.requests.count == requests)
        guard case .page(403, _, let message) = await house.broker.finishLogin(try await house.callback()) else {
            Issue.record("logged in")
            return
        }
        #expect(message.contains("suspended (spam)"))
        #expect(await eventually { house.network.revocations == 1 })
    }

    @Test func whatIsNotUsedEnds() async throws {
        var limits = BrokerLimits()
        limits.sessionLifetime = .seconds(86_400)
        let house = try House(limits: limits)
        let token = try await house.login()
        house.clock.advance(by: .seconds(86_401))
        #expect(await house.status(token) == 401)
        #expect(await eventually { house.network.revocations == 1 })
    }

    @Test func whatIsOldEndsAlsoWhenItIsUsed() async throws {
        var limits = BrokerLimits()
        limits.sessionAge = .seconds(10_000)
        let house = try House(limits: limits)
        house.network.faults.accessLifetime = 3600
        try await house.broker.start()
        let token = try await house.login()
        house.clock.advance(by: .seconds(3700))
        #expect(await house.status(token) == 200)
        house.clock.advance(by: .seconds(7200))
        #expect(await eventually { house.network.revocations == 1 })
        #expect(await house.status(token) == 401)
        #expect(house.people.reasons == ["too old, a new sign-in is needed"])
    }

    @Test func whatIsTooOldEndsAtThatMoment() async throws {
        var limits = BrokerLimits()
        limits.sessionAge = .seconds(3000)
        let house = try House(limits: limits)
        _ = try await house.login()
        house.clock.advance(by: .seconds(1000))
        _ = try await house.login(handle: "bob.example.net", as: House.bob)
        try await house.broker.start()
        house.clock.advance(by: .seconds(2000))
        #expect(house.people.reasons.isEmpty)
        house.clock.advance(by: .milliseconds(1))
        #expect(await eventually { house.network.revocations == 1 })
        #expect(house.people.reasons == ["too old, a new sign-in is needed"])
        #expect(house.network.sessions.count == 1)
    }

    @Test func aSessionThatItsServerRefusesMakesTheIdentityDoubtful() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.directory.failure = .tombstoned("gone")
        #expect(await house.status(token) == 401)
        #expect(await house.status(token) == 401)
        #expect(house.people.doubted.map(\.text) == [House.alice])
    }

    @Test func whatMakesRoomIsVoidAtOnce() async throws {
        var limits = BrokerLimits()
        limits.sessionsPerAccount = 1
        let house = try House(limits: limits)
        let first = try await house.login()
        let token = try await webToken(house, first)
        let second = try await house.login()
        #expect(await house.status(first) == 401 && house.webTokens.redeem(token) == nil)
        #expect(await house.status(second) == 200 && house.people.ended.isEmpty)
        #expect(await eventually { house.network.revocations == 1 })
    }

    @Test func whatItsServerRefusesIsVoidToo() async throws {
        let house = try House()
        let token = try await house.login()
        let minted = try await webToken(house, token)
        house.expire()
        house.directory.failure = .tombstoned("gone")
        #expect(await house.status(token) == 401)
        #expect(house.webTokens.redeem(minted) == nil)
    }

    @Test func aStopWaitsForWhatIsGivenBack() async throws {
        let house = try House()
        let token = try await house.login()
        try await house.broker.logOut(brokerToken: token)
        await house.broker.shutdown()
        #expect(house.network.revocations == 1)
    }

    @Test func whatWasEndedIsRememberedToABound() async throws {
        let house = try House()
        let client = try client(house)
        let credentials = ClientCredentials(identity: client.identity, store: house.store, clock: house.clock)
        let ends = SessionEnds(
            store: house.store, webTokens: house.webTokens,
            revocations: Revocations(client: client, credentials: credentials, logger: .init(label: "test")),
            logger: .init(label: "test"), capacity: 2)
        try await ends.end(["a", "b", "c"], reason: "x")
        #expect(ends.count == 2 && !ends.include("a") && ends.include("c"))
    }

    private func client(_ house: House) throws -> OAuthClient {
        OAuthClient(
            identity: try ClientIdentity(publicURL: #require(Origin("https://irc.example.org"))), fetcher: house.network,
            clock: house.clock,
            allowsHTTP: false)
    }
}
