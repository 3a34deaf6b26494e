import ATProto
import Accounts
import Foundation
import GRDB
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

@LoopActor
@Suite struct FinishLoginTests {
    private typealias House = BrokerHouse

    private func refused(_ house: House, _ callback: LoginCallback, _ status: Int) async throws {
        guard case .page(let found, _, let message) = await house.broker.finishLogin(callback) else {
            Issue.record("a redirect")
            return
        }
        #expect(found == status)
        #expect(!message.isEmpty)
        let rows = try await house.database.writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM pds_session") }
        #expect(rows == 0)
    }

    @Test func webGetsTheResultInTheFragment() async throws {
        let house = try House()
        let outcome = await house.broker.finishLogin(try await house.callback(returnTo: "https://chat.example.org/app"))
        guard case .redirect(307, let location) = outcome else {
            Issue.record("no redirect")
            return
        }
        #expect(location.hasPrefix("https://chat.example.org/app#oauth="))
        let result = try House.result(of: outcome)
        #expect(result.nick == "alice" && result.did == House.alice && result.handle == "alice.bsky.social")
        #expect(result.pds_url == Network.pds)
        #expect(house.webTokens.redeem(result.token)?.did.text == House.alice)
        #expect(result.broker_token.utf8.count == 43)
        #expect(await house.status(result.broker_token) == 200)
    }

    @Test func pagesOfThisServerGetTheTokenInACookieAndNoneInTheAddress() async throws {
        let house = try House()
        var request = LoginRequest(handle: "alice.bsky.social", returnTo: "/account")
        request.keepsCookie = true
        let start = try await house.broker.beginLogin(request)
        let (state, code) = try #require(house.network.consent(start.authorizationURL, as: House.alice))
        guard
            case .ownPage(let token, let location) = await house.broker.finishLogin(
                LoginCallback(state: state, code: code, iss: Network.issuer))
        else { return #expect(Bool(false)) }
        let parts = location.split(separator: "#oauth=")
        #expect(parts.first?.hasSuffix("/account") == true)
        let told = try JSONDecoder().decode([String: String].self, from: #require(Base64URL.decode(String(parts.last ?? ""))))
        #expect(told == ["nick": "alice", "did": House.alice, "handle": "alice.bsky.social"])
        #expect(try await house.broker.person(brokerToken: token).text == House.alice)
        let own = try await house.broker.webLogins(brokerToken: token)
        #expect(own.handle == "alice.bsky.social" && own.all.map(\.id) == [own.current])
    }

    @Test(arguments: ["https://chat.example.org/", "https://chat.example.org/account"])
    func onlyPagesOfThisServerGetACookie(_ returnTo: String) async throws {
        let house = try House()
        var request = LoginRequest(handle: "alice.bsky.social", returnTo: returnTo)
        _ = try await house.broker.beginLogin(request)
        request.keepsCookie = true
        await #expect(throws: BrokerError.badRequest("keep=cookie is for pages of this server; return_to is elsewhere")) {
            _ = try await house.broker.beginLogin(request)
        }
    }

    @Test func theAppGetsItsOwnScheme() async throws {
        let house = try House()
        let callback = try await house.callback(mobile: true, returnTo: "https://evil.example/auth/mobile")
        guard case .redirect(303, let location) = await house.broker.finishLogin(callback) else {
            Issue.record("no redirect")
            return
        }
        let parts = try #require(URLComponents(string: location))
        #expect(parts.scheme == "freeq" && parts.host == "auth")
        let items = Dictionary(uniqueKeysWithValues: (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        #expect(Set(items.keys) == ["token", "broker_token", "nick", "did", "handle"])
        #expect(items["did"] == House.alice && items["handle"] == "alice.bsky.social" && items["nick"] == "alice")
        #expect(await house.status(items["broker_token"] ?? "") == 200)
    }

    @Test func theAppGetsErrorsToo() async throws {
        let house = try House()
        var callback = try await house.callback(mobile: true)
        callback.code = nil
        callback.error = "access_denied"
        guard case .redirect(303, let location) = await house.broker.finishLogin(callback) else {
            Issue.record("no redirect")
            return
        }
        #expect(location.hasPrefix("freeq://auth?error=The%20sign-in%20was%20refused"))
    }

    @Test func anErrorOfTheServerIsShownInOurWords() async throws {
        let house = try House()
        var callback = try await house.callback()
        callback.code = nil
        callback.error = "<script>alert(1)</script>"
        guard case .page(400, _, let message) = await house.broker.finishLogin(callback) else {
            Issue.record("no page")
            return
        }
        #expect(!message.contains("<"))
    }

    @Test func unknownStates() async throws {
        let house = try House()
        try await refused(house, LoginCallback(state: "nope", code: "c", iss: Network.issuer), 400)
        try await refused(house, LoginCallback(code: "c", iss: Network.issuer), 400)
        try await refused(house, LoginCallback(error: "access_denied"), 400)
    }

    @Test func issMustBeThereAndRight() async throws {
        for iss in [nil, "", "https://evil.example.com", "https://as.example.com/"] {
            let house = try House()
            var callback = try await house.callback()
            callback.iss = iss
            try await refused(house, callback, 400)
            #expect(house.network.codes.count == 1)
            callback.iss = Network.issuer
            try await refused(house, callback, 400)
        }
    }

    @Test func anotherAccountIsRefusedAndGivenBack() async throws {
        let house = try House()
        try await refused(house, try await house.callback(as: House.bob), 403)
        #expect(await eventually { house.network.revocations > 0 })
        #expect(house.network.sessions.isEmpty)
    }

    @Test func badTokenAnswersAreRefused() async throws {
        let changes: [[String: Any?]] = [
            ["sub": nil], ["scope": nil], ["scope": "transition:generic"], ["token_type": "Bearer"], ["access_token": nil],
            ["refresh_token": nil],
        ]
        for change in changes {
            let house = try House()
            house.network.faults.tokenChanges = change
            try await refused(house, try await house.callback(), 502)
        }
    }

    @Test func theServerMustStillSpeakForTheAccount() async throws {
        let house = try House()
        let callback = try await house.callback()
        house.network.faults.namedIssuer = "https://other.example.com"
        try await refused(house, callback, 403)

        let unreachable = try House()
        let second = try await unreachable.callback()
        unreachable.directory.failure = .temporary(reason: "down")
        try await refused(unreachable, second, 502)

        let deleted = try House()
        let third = try await deleted.callback()
        deleted.directory.failure = .tombstoned("gone")
        try await refused(deleted, third, 400)
    }

    @Test func anExpiredLoginIsRefused() async throws {
        let house = try House()
        let callback = try await house.callback()
        house.clock.advance(by: BrokerLimits().loginLifetime)
        try await refused(house, callback, 400)
    }

    @Test func repeatedCallbacksGetTheSameAnswer() async throws {
        let house = try House()
        let callback = try await house.callback()
        let first = await house.broker.finishLogin(callback)
        #expect(await house.broker.finishLogin(callback) == first)
        house.clock.advance(by: .seconds(119))
        #expect(await house.broker.finishLogin(callback) == first)
        #expect(house.network.sessions.count == 1)
        house.clock.advance(by: .seconds(1))
        guard case .page(400, _, _) = await house.broker.finishLogin(callback) else {
            Issue.record("still there")
            return
        }
    }

    @Test func concurrentCallbacksShareOneExchange() async throws {
        let house = try House()
        let callback = try await house.callback()
        let callers = (0..<5).map { _ in Task { await house.broker.finishLogin(callback) } }
        callers[0].cancel()
        var outcomes: Set<LoginOutcome> = []
        for caller in callers { outcomes.insert(await caller.value) }
        #expect(outcomes.count == 1)
        _ = try House.result(of: #require(outcomes.first))
        #expect(house.network.sessions.count == 1)
    }

    @Test func aReplayWithAnotherCodeGetsNothing() async throws {
        let house = try House()
        let callback = try await house.callback()
        _ = await house.broker.finishLogin(callback)
        var other = callback
        other.code = "stolen"
        guard case .page(400, _, _) = await house.broker.finishLogin(other) else {
            Issue.record("got the outcome of another callback")
            return
        }
    }

    @Test func finishedLoginsAreBounded() async throws {
        var limits = BrokerLimits()
        limits.finishedLogins = 1
        let house = try House(limits: limits)
        let first = try await house.callback()
        _ = await house.broker.finishLogin(first)
        _ = await house.broker.finishLogin(try await house.callback())
        guard case .page(400, _, _) = await house.broker.finishLogin(first) else {
            Issue.record("still there")
            return
        }
    }

    @Test func sessionsPerAccountAreBounded() async throws {
        var limits = BrokerLimits()
        limits.sessionsPerAccount = 3
        let house = try House(limits: limits)
        var tokens: [String] = []
        for _ in 0..<4 {
            tokens.append(try await house.login())
            house.clock.advance(by: .seconds(1))
        }
        let other = try await house.login(handle: "bob.example.net", as: House.bob)
        #expect(await eventually { house.network.revocations > 0 })
        #expect(await house.status(tokens[0]) == 401)
        for token in tokens.dropFirst() + [other] { #expect(await house.status(token) == 200) }
        #expect(house.network.sessions.count == 4)
    }

    @Test func aFailingDatabaseIsToldAndTheSessionGivenBack() async throws {
        let house = try House()
        let callback = try await house.callback()
        try await house.database.writer.write { db in
            try db.execute(
                sql: "CREATE TRIGGER refuse BEFORE INSERT ON pds_session BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        }
        try await refused(house, callback, 503)
        #expect(await eventually { house.network.revocations > 0 })
        #expect(house.network.sessions.isEmpty)
    }

    @Test func metadataIsTheClients() async throws {
        let house = try House()
        let document = try #require(try JSONSerialization.jsonObject(with: house.broker.clientMetadata) as? [String: Any])
        #expect(document["client_id"] as? String == "https://irc.example.org/oauth-client-metadata.json")
    }
}
