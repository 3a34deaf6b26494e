import ATProto
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

@testable import Broker
@testable import Sidecar

/// The web client as browsers fetch it, and the cookie that it lives by.
@LoopActor @Suite struct WebClientTests {
    private let test = TestSidecar()
    private let token = String(repeating: "A", count: 43)
    private let own = "https://irc.test"

    private func ask(_ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders = [:], body: String = "") async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: try #require(RequestTarget(path)), headers: headers, body: ByteBuffer(string: body),
                address: "192.0.2.1"))
    }

    private func session(origin: String?, _ more: HTTPHeaders = [:], isSignedIn: Bool = true) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if isSignedIn { headers.add(name: "Cookie", value: "__Host-roost-account=\(token)") }
        if let origin { headers.add(name: "Origin", value: origin) }
        headers.add(contentsOf: more)
        return try await ask(.POST, "/session", headers, body: "{}")
    }

    // MARK: Files

    @Test func everyFileOfTheFolderIsInTheProgram() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent("Sources/WebClient/site")
        let paths = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
        var isFolder: ObjCBool = false
        let files = paths.filter {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        #expect(Set(files) == ClientFiles.all.paths && files.count > 20)
    }

    @Test func thePageNamesItsFilesAndAllowsNothingElse() async throws {
        let page = try await ask(.GET, "/")
        let text = String(buffer: page.body)
        let policy = try #require(page.headers["Content-Security-Policy"].first)
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; ") && !policy.contains("unsafe"))
        #expect(policy.contains("connect-src 'self' wss://irc.test;") && page.headers["X-Frame-Options"] == ["DENY"])
        #expect(!text.contains("{{") && text.contains("<title>TestNet</title>") && page.headers["Cache-Control"] == ["no-cache"])
        let links = text.matches(of: /(?:href|src)="(\/[^"]*)"/).map { String($0.1) }
        #expect(links.count > 20)
        for link in links {
            let file = try await ask(.GET, link)
            #expect(file.status == .ok && file.body.readableBytes > 0, "\(link)")
            guard link.hasPrefix("/client/") else { continue }
            #expect(file.headers["Cache-Control"] == ["public, max-age=31536000, immutable"])
            #expect(file.headers["Content-Type"].first == (link.hasSuffix(".css") ? "text/css" : "text/javascript") + "; charset=utf-8")
        }
    }

    @Test func whatIsSentIsSmall() async throws {
        let page = String(buffer: try await ask(.GET, "/").body)
        var sent = 0
        for link in ["/"] + page.matches(of: /(?:href|src)="(\/[^"]*)"/).map({ String($0.1) }) where link != "/about" {
            let plain = try await ask(.GET, link)
            let small = try await ask(.GET, link, ["Accept-Encoding": "br, gzip"])
            #expect(plain.headers["Content-Encoding"].isEmpty)
            sent += small.body.readableBytes
            guard small.headers["Content-Encoding"] == ["gzip"] else { continue }
            #expect(plain.headers["Vary"].contains("Accept-Encoding") && small.headers["Vary"].contains("Accept-Encoding"))
            #expect(small.headers["Content-Type"] == plain.headers["Content-Type"])
            #expect(small.body.getBytes(at: 0, length: 2) == [0x1F, 0x8B] && small.body.readableBytes < plain.body.readableBytes)
            // The member ends with the length of what was compressed.
            let length = small.body.getInteger(at: small.body.writerIndex - 4, endianness: .little, as: UInt32.self)
            #expect(length == UInt32(plain.body.readableBytes))
        }
        #expect((20_000..<70_000).contains(sent), "\(sent) bytes")
    }

    @Test(arguments: [
        ("gzip", true), ("br, GZIP;q=0.5", true), ("*", true), ("", false), ("br", false), ("identity", false), ("gzip;q=0", false),
        ("gzip; q=0.000, *", false), ("*;q=0", false),
    ])
    func compressionIsTheWishOfTheBrowser(_ codings: String, _ isCompressed: Bool) async throws {
        let answer = try await ask(.GET, "/client/\(ClientFiles.all.version)/main.js", ["Accept-Encoding": codings])
        #expect((answer.headers["Content-Encoding"] == ["gzip"]) == isCompressed)
    }

    @Test(arguments: [
        "/client/0000000000000000/main.js", "/client/VERSION/index.html", "/client/VERSION/../sw.js", "/client/VERSION/x/y.js",
    ])
    func whatIsNotThereIsNotFound(_ path: String) async throws {
        #expect(try await ask(.GET, path.replacing("VERSION", with: ClientFiles.all.version)).status == .notFound)
    }

    @Test func aNameCannotLeaveItsPlace() async throws {
        var configuration = test.sidecar.configuration
        configuration.network = #"</title><script>"{{version}}\"#
        test.sidecar.reconfigure(configuration)
        #expect(!String(buffer: try await ask(.GET, "/").body).contains("</title><script>"))
        struct Manifest: Decodable {
            let name: String
        }
        let manifest = try await ask(.GET, "/manifest.webmanifest")
        #expect(try JSONDecoder().decode(Manifest.self, from: Data(manifest.body.readableBytesView)).name == configuration.network)
    }

    @Test func withoutTheClientThereAreNoFiles() async throws {
        var configuration = test.sidecar.configuration
        configuration.hasWebClient = false
        test.sidecar.reconfigure(configuration)
        #expect(try await ask(.GET, "/sw.js").status == .notFound)
        #expect(String(buffer: try await ask(.GET, "/").body).contains("port 6697"))
    }

    @Test func reportsAreCountedByThemselves() async throws {
        for _ in 0..<test.sidecar.configuration.limits.reports {
            #expect(try await ask(.POST, "/client/report", body: "{}").status == .noContent)
        }
        #expect(try await ask(.POST, "/client/report", body: "{}").status == .tooManyRequests)
        #expect(try await session(origin: own).status == .ok)
    }

    // MARK: The cookie

    @Test func thePageOfThisServerUsesTheCookie() async throws {
        #expect(try await session(origin: own).status == .ok)
        #expect(test.broker.tokens == [token])
    }

    @Test(arguments: [nil, "https://app.test", "https://evil.test", "null", "http://irc.test"])
    func nobodyElseDoes(_ origin: String?) async throws {
        #expect([.unauthorized, .forbidden].contains(try await session(origin: origin).status))
        #expect(test.broker.tokens.isEmpty)
    }

    @Test func whereBrowsersLeaveTheOriginOutTheySayWhetherItIsTheSame() async throws {
        let cookie: HTTPHeaders = ["Cookie": "__Host-roost-account=\(token)"]
        for site in ["cross-site", "same-site", "none"] {
            #expect(try await ask(.GET, "/api/v1/account/sessions", cookie + [("Sec-Fetch-Site", site)]).status == .unauthorized)
        }
        #expect(try await ask(.GET, "/api/v1/account/sessions", cookie).status == .unauthorized)
        #expect(try await ask(.GET, "/api/v1/account/sessions", cookie + [("Sec-Fetch-Site", "same-origin")]).status == .ok)
        let foreign = cookie + [("Sec-Fetch-Site", "same-origin"), ("Origin", "https://app.test")]
        #expect(try await ask(.GET, "/api/v1/account/sessions", foreign).status == .unauthorized)
    }

    @Test func aLoginThatIsOverTakesItsCookieAlong() async throws {
        test.broker.answer = .failure(.sessionDead)
        let dead = try await session(origin: own)
        #expect(dead.status == .unauthorized && dead.headers["Set-Cookie"].first?.contains("Max-Age=0") == true)
        test.broker.answer = .failure(.unavailable("not now", retryAfter: 5))
        let later = try await session(origin: own)
        #expect(later.status == .serviceUnavailable && later.headers["Set-Cookie"].isEmpty)
        #expect(try await session(origin: own, isSignedIn: false).status == .unauthorized)
    }

    @Test func theLoginIsToldToKeepACookie() async throws {
        _ = try await ask(.GET, "/auth/login?handle=alice.test&return_to=/&keep=cookie")
        _ = try await ask(.GET, "/auth/login?handle=alice.test&return_to=/")
        #expect(test.broker.requests.map(\.keepsCookie) == [true, false])
        // The page of somebody else leads nobody into another login.
        for (site, isRefused) in [("cross-site", true), ("same-site", true), ("same-origin", false), ("none", false)] {
            let answer = try await ask(.GET, "/auth/login?handle=mallory.test&return_to=/&keep=cookie", ["Sec-Fetch-Site": site])
            #expect(answer.status == (isRefused ? .forbidden : .temporaryRedirect), "\(site)")
        }
        #expect(test.broker.requests.count == 4)
    }
}

private func + (headers: HTTPHeaders, more: [(String, String)]) -> HTTPHeaders {
    var headers = headers
    headers.add(contentsOf: more)
    return headers
}
