import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Server
import Testing

@testable import Broker
@testable import Sidecar
@testable import Store

/// The identity that is linked to an account, on the account page and for programs.
@LoopActor @Suite struct OwnIdentityTests {
    private let test = TestSidecar()
    private let token = String(repeating: "A", count: 43)

    private func ask(_ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, body: String = "") async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: try #require(RequestTarget(path)), headers: headers, body: ByteBuffer(string: body),
                address: "192.0.2.1"))
    }

    private func api(_ method: HTTPMethod, _ path: String = "", bearer: String? = nil, body: String = "") async throws -> HTTPResponse {
        try await ask(
            method, "/api/v1/account" + path, ["Authorization": "Bearer \(bearer ?? token)", "Content-Type": "application/json"], body: body
        )
    }

    private func page(_ method: HTTPMethod, _ path: String = "") async throws -> HTTPResponse {
        try await ask(
            method, "/account" + path, ["Cookie": "__Host-roost-account=\(token)"], body: "check=" + FormCheck(token, for: "/account").text)
    }

    @Test func thePageShowsTheLinkedIdentityAndTakesItOff() async throws {
        let shown = String(buffer: try await page(.GET).body)
        #expect(shown.contains("Your account ann") && shown.contains("did:plc:alice (alice.test) is linked to it"))
        #expect(shown.contains("action=\"/account/identity/end\""))
        let gone = try await page(.POST, "/identity/end")
        #expect(gone.status == .ok && String(buffer: gone.body).contains("did:plc:alice does not open the account any more"))
        #expect(gone.headers["Set-Cookie"].first?.contains("Max-Age=0") == true)
        #expect(test.world.unlinkers == [.identity(test.broker.person)])
        test.world.unlinking = .onlyWay
        let refused = try await page(.POST, "/identity/end")
        #expect(refused.status == .conflict && String(buffer: refused.body).contains("Nothing else opens the account"))
        #expect(refused.headers["Set-Cookie"].isEmpty)
        test.world.unlinking = .nothing
        #expect(try await page(.POST, "/identity/end").status == .seeOther)
    }

    @Test func whoseAccountIsTheIdentityCannotTakeItOff() async throws {
        test.world.account = OwnAccount(name: "did:plc:<alice>", did: "did:plc:<alice>", handle: nil, isLinked: false)
        let shown = String(buffer: try await page(.GET).body)
        #expect(shown.contains("Your account here is your identity: did:plc:&lt;alice&gt;.") && !shown.contains("identity/end"))
    }

    @Test func programsSeeItAndTakeItOff() async throws {
        #expect(
            String(buffer: try await api(.GET).body)
                == #"{"account":"ann","did":"did:plc:alice","handle":"alice.test","linked":true}"#)
        #expect(try await api(.DELETE, "/identity").status == .noContent)
        #expect(try await api(.DELETE, "/identity", bearer: "live").status == .noContent)
        #expect(test.world.unlinkers == [.identity(test.broker.person), .connection(bearer: "live")])
        for (outcome, status) in [(AccountStore.Unlinking.nothing, HTTPResponseStatus.notFound), (.onlyWay, .conflict)] {
            test.world.unlinking = outcome
            #expect(try await api(.DELETE, "/identity").status == status)
        }
    }

    @Test func theTokenOfAConnectionOwnsItsAccount() async throws {
        #expect(try await api(.GET, bearer: "live").status == .ok)
        #expect(try await api(.GET, "/devices", bearer: "live").status == .ok)
        let made = try await api(.POST, "/devices", bearer: "live", body: #"{"name":"bot"}"#)
        #expect(made.status == .created && String(buffer: made.body).contains(#""account":"ann""#))
        #expect(test.world.owners == [.connection(bearer: "live"), .connection(bearer: "live")] && test.broker.tokens.isEmpty)
        test.world.ownerRefusal = .devicePassword
        #expect(try await api(.POST, "/devices", bearer: "live", body: #"{"name":"bot"}"#).status == .forbidden)
        test.world.ownerRefusal = .notLoggedIn
        for bearer in ["live", "late"] {
            let refused = try await api(.GET, bearer: bearer)
            #expect(refused.status == .unauthorized && refused.headers["WWW-Authenticate"] == [#"Bearer error="invalid_token""#])
        }
    }

    @Test func whoGuessedWaitsWithEveryToken() async throws {
        test.broker.answer = .failure(.unknownToken)
        for _ in 0..<test.sidecar.configuration.limits.unknownTokens { _ = try await api(.GET, bearer: "nonsense") }
        for bearer in ["nonsense", "live"] { #expect(try await api(.GET, bearer: bearer).status == .tooManyRequests) }
    }
}
