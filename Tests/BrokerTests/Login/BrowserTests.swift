import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Broker

/// A login belongs to the browser that began it, and to whoever the server says.
@LoopActor
@Suite struct BrowserTests {
    private typealias House = BrokerHouse

    private func callback(_ house: House, _ change: (inout LoginRequest) -> Void) async throws -> LoginCallback {
        var request = LoginRequest(handle: "alice.bsky.social")
        change(&request)
        let start = try await house.broker.beginLogin(request)
        let (state, code) = try #require(house.network.consent(start.authorizationURL, as: House.alice))
        return LoginCallback(state: state, code: code, iss: Network.issuer)
    }

    private func isPage(_ outcome: LoginOutcome, _ status: Int) -> Bool {
        if case .page(status, _, _) = outcome { true } else { false }
    }

    @Test(arguments: ["other", nil])
    func anotherBrowserCannotEndIt(_ mark: String?) async throws {
        let house = try House()
        let callback = try await callback(house) { $0.browser = "mine" }
        #expect(isPage(await house.broker.finishLogin(callback, browser: mark), 400))
        #expect(house.network.codes.count == 1)
        let outcome = await house.broker.finishLogin(callback, browser: "mine")
        #expect(try House.result(of: outcome).did == House.alice)
        // The answer holds tokens: a repeat gets it in the same browser only.
        #expect(await house.broker.finishLogin(callback, browser: "mine") == outcome)
        #expect(isPage(await house.broker.finishLogin(callback, browser: mark), 400))
        #expect(house.network.sessions.count == 1)
    }

    @Test func theBrowserOfAnAppMayHaveLostItsMark() async throws {
        let house = try House()
        let callback = try await callback(house) { ($0.browser, $0.mobile) = ("mine", true) }
        guard case .redirect(303, let location) = await house.broker.finishLogin(callback, browser: "other") else {
            Issue.record("no redirect")
            return
        }
        #expect(location.hasPrefix("freeq://auth?error="))
        guard case .redirect(303, let location) = await house.broker.finishLogin(callback, browser: nil) else {
            Issue.record("no redirect")
            return
        }
        #expect(location.hasPrefix("freeq://auth?token="))
    }

    @Test func aMarkIsRandomAndPlausible() {
        #expect(RandomToken.isPlausible(BrowserMark.make()) && BrowserMark.make() != BrowserMark.make())
        for text in ["", "x", String(repeating: "!", count: 43), String(repeating: "a", count: 44)] {
            #expect(!RandomToken.isPlausible(text))
        }
    }

    // MARK: A login at a PDS

    @Test(arguments: ["https://pds.example.com", "https://pds.example.com/", "pds.example.com"])
    func theServerSaysWhoItIs(_ typed: String) async throws {
        let house = try House()
        let callback = try await callback(house) { $0.handle = typed }
        #expect(house.network.pushed.isEmpty)
        let result = try House.result(of: await house.broker.finishLogin(callback))
        #expect(result.did == House.alice && result.handle == "alice.bsky.social" && result.pds_url == Network.pds)
        #expect(house.directory.freshResolutions == 1)
    }

    @Test func noAccountIsHintedThen() async throws {
        let house = try House()
        _ = try await house.broker.beginLogin(LoginRequest(handle: "https://pds.example.com"))
        #expect(house.network.pushed.values.first?.hint == "")
    }

    @Test func theAccountMustLiveThere() async throws {
        let house = try House()
        let callback = try await callback(house) { $0.handle = "https://pds.example.com" }
        house.network.faults.namedIssuer = "https://other.example.com"
        #expect(isPage(await house.broker.finishLogin(callback), 403))
        #expect(await eventually { house.network.revocations == 1 })

        let unknown = try House()
        unknown.network.faults.tokenChanges = ["sub": "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"]
        let second = try await self.callback(unknown) { $0.handle = "https://pds.example.com" }
        #expect(isPage(await unknown.broker.finishLogin(second), 400))

        let nameless = try House()
        nameless.network.faults.tokenChanges = ["sub": "alice"]
        let third = try await self.callback(nameless) { $0.handle = "https://pds.example.com" }
        #expect(isPage(await nameless.broker.finishLogin(third), 502))
    }

    @Test(arguments: [
        "https://", "https://pds.example.com/path", "ftp://pds.example.com", "https://u@pds.example.com", "nobody.example.net",
    ])
    func whatIsNoServerIsRefused(_ typed: String) async throws {
        let house = try House()
        await #expect(throws: BrokerError.self) { try await house.broker.beginLogin(LoginRequest(handle: typed)) }
        #expect(house.network.pushed.isEmpty)
    }

    // MARK: A connection that waits

    @Test func aWaitingConnectionIsLoggedInAndNothingIsKept() async throws {
        let house = try House()
        let callback = try await callback(house) { ($0.link, $0.browser) = ("link", "mine") }
        #expect(isPage(await house.broker.finishLogin(callback, browser: nil), 400))
        #expect(house.people.loggedIn.isEmpty)
        let outcome = await house.broker.finishLogin(callback, browser: "mine")
        guard case .page(200, _, let message) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(message.contains("alice.bsky.social"))
        #expect(house.people.loggedIn == ["link \(House.alice) alice.bsky.social"])
        #expect(await house.broker.finishLogin(callback, browser: "mine") == outcome)
        #expect(house.people.loggedIn.count == 1)
        #expect(await eventually { house.network.revocations == 1 })
        #expect(house.network.sessions.isEmpty)
        #expect(try await house.broker.webLogins(of: #require(DID(House.alice))).isEmpty)
        #expect(house.webTokens.count == 0)
    }

    @Test func aConnectionThatIsGoneIsTold() async throws {
        let house = try House()
        house.people.refusal = "The connection is gone."
        let callback = try await callback(house) { $0.link = "link" }
        guard case .page(409, _, "The connection is gone.") = await house.broker.finishLogin(callback) else {
            Issue.record("no refusal")
            return
        }
        #expect(await eventually { house.network.revocations == 1 })
    }
}
