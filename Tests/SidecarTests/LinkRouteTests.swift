import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Server
import Store
import Testing

@testable import Broker
@testable import Sidecar

/// The cookie that ties a login to a browser, and the page on which a waiting connection is approved.
@LoopActor @Suite struct LinkRouteTests {
    private let test = TestSidecar()

    private func ask(
        _ method: HTTPMethod, _ path: String, cookie: String? = nil, body: String = "", _ more: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var headers = more
        if let cookie { headers.add(name: "Cookie", value: cookie) }
        return await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: try #require(RequestTarget(path)), headers: headers, body: ByteBuffer(string: body),
                address: "192.0.2.1"))
    }

    /// `name=value` of the cookie that an answer sets.
    private func cookie(_ response: HTTPResponse) -> String {
        String(response.headers["Set-Cookie"].first?.prefix { $0 != ";" } ?? "")
    }

    // MARK: The cookie

    @Test func aLoginIsTiedToItsBrowser() async throws {
        let response = try await ask(.GET, "/auth/login?handle=alice.test", ["User-Agent": "Browser/1"])
        let set = try #require(response.headers["Set-Cookie"].first)
        #expect(set.hasPrefix("__Host-roost-browser=") && set.hasSuffix("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"))
        let mark = try #require(test.broker.requests.first?.browser)
        #expect(cookie(response) == "__Host-roost-browser=" + mark && mark.utf8.count == 43)
        #expect(test.broker.requests.first?.place.address == "192.0.2.1" && test.broker.requests.first?.place.agent == "Browser/1")
        _ = try await ask(.GET, "/auth/callback?state=s&code=c", cookie: "a=b; " + cookie(response))
        #expect(test.broker.browsers == [mark])
    }

    @Test func aBrowserWithSeveralTabsKeepsItsMark() async throws {
        let first = cookie(try await ask(.GET, "/auth/login?handle=alice.test"))
        let (second, other) = (
            try await ask(.GET, "/auth/login?handle=bob.test", cookie: first), try await ask(.GET, "/auth/login?handle=bob.test")
        )
        #expect(cookie(second) == first && cookie(other) != first)
    }

    @Test(arguments: ["", "roost-browser=x", "__Host-roost-browser=x", "__Host-roost-browser=", "x__Host-roost-browser=y;;="])
    func cookiesThatThisServerDidNotGiveAreNone(_ cookie: String) async throws {
        _ = try await ask(.GET, "/auth/callback?state=s&code=c", cookie: cookie)
        #expect(test.broker.browsers == [nil])
    }

    @Test func withoutHTTPSTheCookieIsPlain() async throws {
        let test = TestSidecar { $0.publicOrigin = "http://127.0.0.1:8080" }
        let response = await test.sidecar.router.respond(
            to: HTTPRequest(
                method: .GET, target: try #require(RequestTarget("/auth/login?handle=a.test")), headers: [:], body: ByteBuffer(),
                address: "127.0.0.1"))
        let set = try #require(response.headers["Set-Cookie"].first)
        #expect(set.hasPrefix("roost-browser=") && !set.contains("Secure"))
        #expect(test.broker.requests.first?.place.address == nil)
    }

    @Test func aLoginOnThisMachineBeginsWhereItComesBackTo() async throws {
        let test = TestSidecar { $0.publicOrigin = "http://127.0.0.1:8080" }
        let response = await test.sidecar.router.respond(
            to: HTTPRequest(
                method: .GET, target: try #require(RequestTarget("/auth/login?handle=a.test&mobile=1")),
                headers: ["Host": "localhost:8080"], body: ByteBuffer(), address: "127.0.0.1"))
        #expect(response.status == .temporaryRedirect)
        #expect(response.headers["Location"] == ["http://127.0.0.1:8080/auth/login?handle=a.test&mobile=1"])
        #expect(test.broker.requests.isEmpty)
        // Anywhere else the name in the request says nothing: proxies put theirs there.
        #expect(try await ask(.GET, "/auth/login?handle=a.test", ["Host": "localhost:8080"]).headers["Set-Cookie"].count == 1)
    }

    // MARK: The page

    @Test func thePageShowsWhoAsks() async throws {
        let response = try await ask(.GET, "/auth/link/good")
        #expect(response.status == .ok && test.broker.requests.isEmpty)
        let text = String(buffer: response.body)
        for part in ["TestNet", "&lt;ann&gt;", "~a&amp;b", "192.0.x.x", "alice.test", "1 minutes ago", "action=\"/auth/link/good\""] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("<ann>"))
        #expect(response.headers["Content-Security-Policy"].first?.contains("form-action 'self' https:;") == true)
        #expect(response.headers["Content-Security-Policy"].first?.contains("frame-ancestors 'none'") == true)
        #expect(response.headers["Referrer-Policy"] == ["same-origin"])
        let unknown = try await ask(.GET, "/auth/link/bad")
        #expect(unknown.status == .notFound && String(buffer: unknown.body).contains("This link is unknown"))
    }

    @Test func thePageShowsWhichAccountIsLinked() async throws {
        test.world.waiting = .waiting(
            .init(network: "TestNet", nick: "ann", user: "~a", address: "192.0.x.x", account: "alice.test", seconds: 1, linksTo: "ann"))
        let text = String(buffer: try await ask(.GET, "/auth/link/good").body)
        for part in ["Link to an account on TestNet?", "asks to link alice.test to the account ann:", "link alice.test to ann"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func onlyThePageLeadsOn() async throws {
        let page = try await ask(.GET, "/auth/link/good")
        let check = try #require(String(buffer: page.body).firstMatch(of: /name="check" value="([0-9a-f]{64})"/)?.1)
        let mine = cookie(page)
        let other = cookie(try await ask(.GET, "/auth/link/good"))
        for (link, cookie, body) in [
            ("good", mine, ""), ("good", mine, "check=x"), ("good", nil, "check=\(check)"), ("good", other, "check=\(check)"),
            ("bad", mine, "check=\(check)"),
        ] {
            let response = try await ask(.POST, "/auth/link/\(link)", cookie: cookie, body: body)
            #expect(response.status == .forbidden)
        }
        #expect(
            try await ask(.POST, "/auth/link/good", cookie: mine, body: "check=\(check)", ["Origin": "https://evil.test"]).status
                == .forbidden)
        #expect(test.broker.requests.isEmpty)
        let response = try await ask(.POST, "/auth/link/good", cookie: mine, body: "check=\(check)", ["Origin": "https://irc.test"])
        #expect(response.status == .seeOther && response.headers["Location"] == ["https://as.test/authorize?request_uri=x"])
        let request = try #require(test.broker.requests.first)
        #expect(request.link == "good" && request.handle == "alice.test")
        #expect(mine == "__Host-roost-browser=" + (request.browser ?? ""))
    }

    @Test func whatGoesWrongIsShown() async throws {
        let page = try await ask(.GET, "/auth/link/good")
        let check = try #require(String(buffer: page.body).firstMatch(of: /name="check" value="([0-9a-f]{64})"/)?.1)
        test.broker.login = .failure(.badRequest("Cannot resolve <handle>"))
        let failed = try await ask(.POST, "/auth/link/good", cookie: cookie(page), body: "check=\(check)")
        #expect(failed.status == .badRequest && String(buffer: failed.body).contains("Cannot resolve &lt;handle&gt;"))
        test.world.waiting = .over("The connection is gone.")
        #expect(try await ask(.POST, "/auth/link/good", cookie: cookie(page), body: "check=\(check)").status == .notFound)
        for _ in 0..<test.sidecar.configuration.limits.logins { _ = try await ask(.GET, "/auth/login?handle=a.test") }
        test.world.waiting = .waiting(.init(network: "n", nick: "n", user: "u", address: "a", account: "a.test", seconds: 1))
        #expect(try await ask(.POST, "/auth/link/good", cookie: cookie(page), body: "check=\(check)").status == .tooManyRequests)
    }
}
