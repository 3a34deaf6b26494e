import ATProto
import Accounts
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

/// The page on which people see and end what acts for them, and the same for programs.
@LoopActor @Suite struct AccountPageTests {
    private let test = TestSidecar()
    private let token = String(repeating: "A", count: 43)

    private func ask(
        _ method: HTTPMethod, _ path: String, signedIn: Bool = true, body: String = "", _ more: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var headers = more
        if signedIn { headers.add(name: "Cookie", value: "__Host-roost-account=\(token)") }
        return await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: try #require(RequestTarget(path)), headers: headers, body: ByteBuffer(string: body),
                address: "192.0.2.1"))
    }

    private var check: String { "check=" + FormCheck(token, for: "/account").text }

    private func login(_ number: Int, agent: String? = nil, ended: String? = nil) -> WebLogin {
        WebLogin(
            id: "s\(number)", did: "did:plc:alice", number: number, name: nil, place: LoginPlace(address: "192.0.2.7", agent: agent),
            createdAt: 0, usedAt: 3_600_000, endedBecause: ended)
    }

    // MARK: Signing in

    @Test func whoeverIsNotSignedInIsAskedForTheHandle() async throws {
        let page = try await ask(.GET, "/account", signedIn: false)
        let text = String(buffer: page.body)
        #expect(page.status == .ok && text.contains("action=\"/account/sign-in\"") && text.contains("name=\"handle\""))
        #expect(test.broker.tokens.isEmpty)
        #expect(try await ask(.POST, "/account/sign-in", signedIn: false, body: "handle=+").status == .badRequest)
        let away = try await ask(.POST, "/account/sign-in", signedIn: false, body: "handle=+alice.test")
        #expect(away.status == .seeOther && away.headers["Location"] == ["https://as.test/authorize?request_uri=x"])
        let request = try #require(test.broker.requests.first)
        #expect(request.handle == "alice.test" && request.keepsCookie && request.returnTo == "/account" && request.browser != nil)
    }

    @Test func theTokenGoesIntoACookieThatNoScriptReads() async throws {
        test.broker.outcome = .ownPage(brokerToken: token, location: "/account")
        let response = try await ask(.GET, "/auth/callback?state=s&code=c", signedIn: false)
        #expect(response.status == .seeOther && response.headers["Location"] == ["/account"])
        #expect(
            response.headers["Set-Cookie"]
                == ["__Host-roost-account=\(token); Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"])
    }

    @Test func whatGoesWrongWithALoginIsOnThePage() async throws {
        test.broker.login = .failure(.badRequest("Cannot resolve <handle>"))
        let failed = try await ask(.POST, "/account/sign-in", signedIn: false, body: "handle=x")
        #expect(failed.status == .badRequest && String(buffer: failed.body).contains("Cannot resolve &lt;handle&gt;"))
        for _ in 0..<test.sidecar.configuration.limits.logins {
            _ = try await ask(.POST, "/account/sign-in", signedIn: false, body: "handle=x")
        }
        let many = try await ask(.POST, "/account/sign-in", signedIn: false, body: "handle=x")
        #expect(many.status == .tooManyRequests && many.headers.contains(name: "Retry-After"))
    }

    // MARK: The page

    @Test func thePageShowsWhatActsForThePerson() async throws {
        test.broker.own = OwnWebLogins(
            current: "s1", handle: "alice.test", all: [login(1), login(2, agent: "<Browser>"), login(3, ended: "signed out")])
        test.world.devices = [DevicePasswordRecord(id: "i", name: "phone", hash: "h", createdAt: 0, expiresAt: 86_400_000)]
        let page = try await ask(.GET, "/account")
        let text = String(buffer: page.body)
        for part in [
            "as alice.test", "Login 1 (this one)", "&lt;Browser&gt;, from 192.0.2.7", "last used 1970-01-01T01:00:00Z",
            "action=\"/account/sessions/s2/end\"", "phone: since 1970-01-01T00:00:00Z, never used, ended 1970-01-02T00:00:00Z",
            "action=\"/account/devices/phone/end\"",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        for part in ["Login 3", "sessions/s1/end", token] { #expect(!text.contains(part), "\(part)") }
        #expect(page.headers["Content-Security-Policy"].first?.contains("form-action 'self';") == true)
        #expect(page.headers["Cache-Control"] == ["no-store"])
    }

    @Test func aLoginThatIsOverTakesItsCookieAlong() async throws {
        test.broker.answer = .failure(.sessionDead)
        let over = try await ask(.GET, "/account")
        #expect(over.status == .unauthorized)
        #expect(over.headers["Set-Cookie"] == ["__Host-roost-account=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"])
        test.broker.answer = .failure(.unavailable("not now", retryAfter: 7))
        let later = try await ask(.GET, "/account")
        #expect(later.status == .serviceUnavailable && later.headers["Retry-After"] == ["7"] && later.headers["Set-Cookie"].isEmpty)
    }

    // MARK: The forms

    @Test(arguments: [
        "sign-out", "identity/end", "sessions/end", "sessions/s2/end", "devices", "devices/phone/end",
    ])
    func onlyThePageItselfActs(_ action: String) async throws {
        test.world.devices = [DevicePasswordRecord(id: "i", name: "phone", hash: "h", createdAt: 0)]
        let other = "check=" + FormCheck(String(repeating: "B", count: 43), for: "/account").text
        for (isSignedIn, body, status) in [
            (true, "name=x", HTTPResponseStatus.forbidden), (true, "name=x&check=", .forbidden), (true, "name=x&" + other, .forbidden),
            (false, "name=x&" + check, .unauthorized),
        ] {
            #expect(try await ask(.POST, "/account/\(action)", signedIn: isSignedIn, body: body).status == status)
        }
        let elsewhere = try await ask(.POST, "/account/\(action)", body: "name=x&" + check, ["Origin": "https://evil.test"])
        #expect(elsewhere.status == .forbidden)
        #expect(test.world.unlinkers.isEmpty && test.broker.acts.isEmpty && test.world.orders.isEmpty && test.world.devices.count == 1)
    }

    @Test func theFormsDoWhatTheySay() async throws {
        test.world.devices = [DevicePasswordRecord(id: "i", name: "phone", hash: "h", createdAt: 0)]
        for action in ["sessions/s2/end", "sessions/end", "devices/phone/end"] {
            let response = try await ask(.POST, "/account/\(action)", body: check, ["Origin": "https://irc.test"])
            #expect(response.status == .seeOther && response.headers["Location"] == ["/account"])
        }
        #expect(test.broker.acts == ["end s2", "end others"] && test.world.devices.isEmpty)
        let out = try await ask(.POST, "/account/sign-out", body: check)
        #expect(out.status == .seeOther && out.headers["Set-Cookie"].first?.contains("Max-Age=0") == true)
        #expect(test.broker.acts.last == "log out")
    }

    @Test func aDevicePasswordIsShownOnce() async throws {
        let made = try await ask(.POST, "/account/devices", body: "name=phone&days=&" + check)
        let text = String(buffer: made.body)
        #expect(made.status == .ok && text.contains("Password: aaaa-bbbb-cccc-dddd-eeee-ffff-gggg"))
        #expect(
            text.contains("Account: \(test.broker.person.text)") && test.world.owners.allSatisfy { $0 == .identity(test.broker.person) })
        #expect(test.world.orders == [try DevicePasswordOrder(name: "phone", days: nil)])
        for (body, part) in [("name=a+b", "1 to 32 letters"), ("name=x&days=0", "1 to 3650 days"), ("name=x&days=many", "1 to 3650 days")] {
            let refused = try await ask(.POST, "/account/devices", body: "\(body)&" + check)
            #expect(refused.status == .badRequest && String(buffer: refused.body).contains(part))
        }
        test.world.deviceOutcome = .taken(name: "phone")
        let taken = try await ask(.POST, "/account/devices", body: "name=phone&" + check)
        #expect(taken.status == .conflict && String(buffer: taken.body).contains("called phone already"))
    }

    // MARK: Programs

    private func api(_ method: HTTPMethod, _ path: String = "", _ body: String = "", bearer: Bool = true) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if bearer { headers.add(name: "Authorization", value: "Bearer \(token)") }
        return try await ask(method, "/api/v1/account/devices" + path, signedIn: false, body: body, headers)
    }

    @Test func programsMakeAndEndDevicePasswords() async throws {
        let made = try await api(.POST, "", #"{"name":"bot","days":90}"#)
        #expect(made.status == .created)
        #expect(
            String(buffer: made.body)
                == #"{"account":"\#(test.broker.person.text)","name":"bot","password":"aaaa-bbbb-cccc-dddd-eeee-ffff-gggg"}"#)
        #expect(test.world.orders == [try DevicePasswordOrder(name: "bot", days: "90")])
        test.world.devices = [DevicePasswordRecord(id: "i", name: "bot", hash: "secret", createdAt: 0, expiresAt: 1000)]
        #expect(
            String(buffer: try await api(.GET).body)
                == #"{"devices":[{"created_at":"1970-01-01T00:00:00Z","expires_at":"1970-01-01T00:00:01Z","name":"bot"}]}"#)
        #expect(try await api(.DELETE, "/bot").status == .noContent)
        #expect(try await api(.DELETE, "/bot").status == .notFound)
    }

    @Test func programsAreToldWhatIsWrong() async throws {
        for body in ["", "{}", #"{"name":"a b"}"#, #"{"name":"a","days":0}"#, #"{"name":"a","days":9223372036854775807}"#] {
            #expect(try await api(.POST, "", body).status == .badRequest, "\(body)")
        }
        for (outcome, status) in [(DevicePasswords.Outcome.tooOften, HTTPResponseStatus.tooManyRequests), (.tooMany, .conflict)] {
            test.world.deviceOutcome = outcome
            #expect(try await api(.POST, "", #"{"name":"a"}"#).status == status)
        }
        for (method, path) in [(HTTPMethod.GET, ""), (.POST, ""), (.DELETE, "/bot")] {
            let refused = try await api(method, path, bearer: false)
            #expect(refused.status == .unauthorized && refused.headers["WWW-Authenticate"] == ["Bearer"])
        }
        #expect(test.world.owners.count == 2)
    }
}
