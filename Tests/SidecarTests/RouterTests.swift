import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

@testable import Broker
@testable import Sidecar

@LoopActor
@Suite struct RouterTests {
    private let test = TestSidecar()

    private func ask(
        _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders = [:], body: String = "", from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        let target = try #require(RequestTarget(target))
        return await test.sidecar.router.respond(
            to: HTTPRequest(method: method, target: target, headers: headers, body: ByteBuffer(string: body), address: address))
    }

    private func session(
        _ headers: HTTPHeaders = [:], body: String = #"{"broker_token":"b"}"#, from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        var headers = headers
        if !headers.contains(name: "Content-Type") { headers.add(name: "Content-Type", value: "application/json") }
        return try await ask(.POST, "/session", headers, body: body, from: address)
    }

    // MARK: Pages

    @Test func healthTellsVersionAndNetwork() async throws {
        let response = try await ask(.GET, "/health")
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == ["application/json"])
        #expect(String(buffer: response.body) == #"{"network":"TestNet","status":"ok","version":"1.2.3"}"#)
    }

    @Test(arguments: [true, false]) func aPageTellsHowToConnect(_ hasWebClient: Bool) async throws {
        var configuration = test.sidecar.configuration
        configuration.hasWebClient = hasWebClient
        test.sidecar.reconfigure(configuration)
        let response = try await ask(.GET, hasWebClient ? "/about" : "/")
        let text = String(buffer: response.body)
        #expect(text.contains("irc.test, port 6697, TLS"))
        #expect(text.contains("wss://irc.test/irc"))
        #expect(!text.contains("<script"))
        #expect(response.headers["Content-Security-Policy"].first?.contains("default-src 'none'") == true)
        #expect(response.headers["X-Frame-Options"] == ["DENY"])
        #expect(response.headers["X-Content-Type-Options"] == ["nosniff"])
    }

    @Test func theWebSocketPathSaysWhatItIs() async throws {
        let response = try await ask(.GET, "/irc")
        #expect(response.status == .upgradeRequired)
        #expect(response.headers["Upgrade"] == ["websocket"])
        #expect(try await ask(.GET, "/irc", ["Origin": "https://evil.test"]).status == .forbidden)
    }

    @Test func unknownPathsAndMethodsAreRefused() async throws {
        #expect(try await ask(.GET, "/nothing").status == .notFound)
        #expect(try await ask(.GET, "/health/").status == .notFound)
        let wrong = try await ask(.DELETE, "/health")
        #expect(wrong.status == .methodNotAllowed)
        #expect(wrong.headers["Allow"] == ["GET, HEAD, OPTIONS"])
        #expect(try await ask(.GET, "/session").status == .methodNotAllowed)
        #expect(try await ask(.HEAD, "/session").status == .methodNotAllowed)
        #expect(try await ask(.HEAD, "/health").status == .ok)
    }

    // MARK: Login

    @Test func loginHandsOnWhatWasAsked() async throws {
        let response = try await ask(
            .GET, "/auth/login?handle=%20alice.test%20&return_to=https%3A%2F%2Fapp.test%2F&mobile=yes&popup=1",
            ["Referer": "https://r.test/"])
        #expect(response.status == .temporaryRedirect)
        #expect(response.headers["Location"] == ["https://as.test/authorize?request_uri=x"])
        let request = try #require(test.broker.requests.first)
        #expect(request.handle == "alice.test")
        #expect(request.returnTo == "https://app.test/")
        #expect(request.mobile)
        #expect(request.referer == "https://r.test/")
    }

    @Test func oneAddressBeginsNoEndOfLogins() async throws {
        let limit = test.sidecar.configuration.limits.logins
        for _ in 0..<limit { #expect(try await ask(.GET, "/auth/login?handle=a.test").status == .temporaryRedirect) }
        let refused = try await ask(.GET, "/auth/login?handle=a.test")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["Retry-After"] == ["61"])
        #expect(test.broker.requests.count == limit)
        #expect(try await ask(.GET, "/auth/login?handle=a.test", from: "192.0.2.2").status == .temporaryRedirect)
        test.clock.advance(by: .seconds(60))
        #expect(try await ask(.GET, "/auth/login?handle=a.test").status == .temporaryRedirect)
    }

    @Test(arguments: ["/auth/login", "/auth/login?handle=", "/auth/login?handle=%20", "/auth/login?handle=%ff"])
    func loginNeedsAHandle(_ target: String) async throws {
        #expect(try await ask(.GET, target).status == .badRequest)
        #expect(test.broker.requests.isEmpty)
    }

    @Test func whyALoginFailedIsPlainText() async throws {
        test.broker.login = .failure(.unavailable("The <b> server is busy", retryAfter: 7))
        let response = try await ask(.GET, "/auth/login?handle=a.test")
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers["Retry-After"] == ["7"])
        #expect(response.headers["Content-Type"] == ["text/plain; charset=utf-8"])
        #expect(String(buffer: response.body) == "The <b> server is busy\n")
    }

    @Test func aPersonReadsItAsAPage() async throws {
        test.broker.login = .failure(.unavailable("The <b> server is busy", retryAfter: 7))
        let response = try await ask(.GET, "/auth/login?handle=a.test", ["Accept": "text/html,application/xhtml+xml;q=0.9"])
        #expect(response.status == .serviceUnavailable && response.headers["Retry-After"] == ["7"])
        #expect(response.headers["Content-Type"] == ["text/html; charset=utf-8"] && response.headers["Set-Cookie"].isEmpty)
        #expect(String(buffer: response.body).contains("<p>The &lt;b&gt; server is busy</p>"))
    }

    @Test func anAppIsToldInTheRedirectThatItWaitsFor() async throws {
        let empty = try await ask(.GET, "/auth/login?handle=&mobile=1")
        #expect(empty.status == .seeOther && empty.headers["Location"].first?.hasPrefix("freeq://auth?error=handle%20is%20missing") == true)
        test.broker.login = .failure(.badRequest("Cannot resolve handle: \r\n<x>"))
        let failed = try await ask(.GET, "/auth/login?handle=a.test&mobile=1", ["Accept": "text/html"])
        #expect(failed.status == .seeOther)
        #expect(failed.headers["Location"] == ["freeq://auth?error=Cannot%20resolve%20handle%3A%20%0D%0A%3Cx%3E"])
        for _ in 0..<test.sidecar.configuration.limits.logins { _ = try await ask(.GET, "/auth/login?handle=a.test") }
        let throttled = try await ask(.GET, "/auth/login?handle=a.test&mobile=1")
        #expect(throttled.headers["Location"] == ["freeq://auth?error=Too%20many%20sign-ins%20from%20your%20address"])
    }

    @Test func theCallbackIsHandedOn() async throws {
        let response = try await ask(.GET, "/auth/callback?state=s&code=c%2B1&iss=https%3A%2F%2Fas.test")
        #expect(response.status == .temporaryRedirect)
        #expect(response.headers["Location"] == ["https://app.test/#oauth=e30"])
        #expect(response.headers["Referrer-Policy"] == ["no-referrer"])
        #expect(response.headers["Cache-Control"] == ["no-store"])
        #expect(test.broker.callbacks == [LoginCallback(state: "s", code: "c+1", iss: "https://as.test")])
    }

    @Test func whatTheCallbackSaysIsOnlyText() async throws {
        test.broker.outcome = .page(status: 400, title: "<script>1</script>", message: #"a"b'c&<img src=x onerror=alert(1)>"#)
        let response = try await ask(.GET, "/auth/callback?error=x")
        #expect(response.status == .badRequest)
        let text = String(buffer: response.body)
        #expect(text.contains("<title>&lt;script&gt;1&lt;/script&gt;</title>"))
        #expect(text.contains("<p>a&quot;b&#39;c&amp;&lt;img src=x onerror=alert(1)&gt;</p>"))
        #expect(!text.contains("<script") && !text.contains("<img"))
    }

    @Test(arguments: ["https://as.test/\r\nSet-Cookie: a=b", "https://as.test/\n", "https://as.test/a b", "https://ås.test/"])
    func aRedirectIsOneLineOfASCII(_ address: String) async throws {
        test.broker.login = .success(LoginStart(authorizationURL: address))
        let response = try await ask(.GET, "/auth/login?handle=a.test")
        #expect(response.status == .badGateway)
        #expect(response.headers["Location"].isEmpty)
    }

    @Test func theMetadataIsServedAsItIs() async throws {
        for (path, body) in [
            ("/oauth-client-metadata.json", #"{"client_id":"x"}"#), ("/client-metadata.json", #"{"client_id":"y"}"#),
            ("/oauth-client-keys.json", #"{"keys":[]}"#),
        ] {
            let response = try await ask(.GET, path)
            #expect(response.status == .ok)
            #expect(response.headers["Content-Type"] == ["application/json"])
            #expect(String(buffer: response.body) == body)
        }
        test.broker.keys = nil
        #expect(try await ask(.GET, "/oauth-client-keys.json").status == .notFound)
    }

    @Test func theDIDDocumentIsServedWhereThereIsOne() async throws {
        #expect(try await ask(.GET, "/.well-known/did.json").status == .notFound)
        let other = TestSidecar { $0.didDocument = Data(#"{"id":"did:web:irc.test"}"#.utf8) }
        let target = try #require(RequestTarget("/.well-known/did.json"))
        let response = await other.sidecar.router.respond(
            to: HTTPRequest(method: .GET, target: target, headers: [:], body: ByteBuffer(), address: "192.0.2.1"))
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == ["application/json"])
        #expect(String(buffer: response.body) == #"{"id":"did:web:irc.test"}"#)
    }

    // MARK: Session

    @Test func aBrokerTokenIsExchanged() async throws {
        let response = try await session()
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == #"{"did":"did:plc:alice","handle":"alice.test","nick":"alice","token":"t"}"#)
        #expect(test.broker.tokens == ["b"])
    }

    @Test func withoutATokenThereIsNoSession() async throws {
        #expect(try await session(body: "{}").status == .unauthorized)
        #expect(test.broker.tokens.isEmpty)
    }

    @Test(arguments: ["", "[]", #"{"broker_token":1}"#, "broker_token=b"])
    func anythingButTheRightJSONIsRefused(_ body: String) async throws {
        #expect(try await session(body: body).status == .badRequest)
        #expect(test.broker.tokens.isEmpty)
    }

    @Test func onlyJSONIsTaken() async throws {
        #expect(try await session(["Content-Type": "text/plain"]).status == .unsupportedMediaType)
        #expect(try await ask(.POST, "/session", body: #"{"broker_token":"b"}"#).status == .unsupportedMediaType)
        #expect(try await session(["Content-Type": "Application/JSON; charset=utf-8"]).status == .ok)
    }

    @Test(arguments: [
        (BrokerError.unknownToken, 401), (.sessionDead, 401), (.upstream("x"), 502), (.tooMany(retryAfter: 3), 429),
        (.unavailable("x", retryAfter: 9), 503), (.refused("x"), 403),
    ])
    func theStatusOfTheBrokerIsKept(_ error: BrokerError, _ status: Int) async throws {
        test.broker.answer = .failure(error)
        let response = try await session()
        #expect(Int(response.status.code) == status)
        #expect(response.headers["Retry-After"] == (error.retryAfter.map { [String($0)] } ?? []))
        #expect(String(buffer: response.body) == error.message + "\n")
    }

    @Test func whoGuessesTokensHasToWait() async throws {
        test.broker.answer = .failure(.unknownToken)
        let limit = test.sidecar.configuration.limits.unknownTokens
        for _ in 0..<limit { #expect(try await session().status == .unauthorized) }
        let refused = try await session()
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["Retry-After"] == ["61"])
        #expect(test.broker.tokens.count == limit)
        #expect(try await session(["X-Forwarded-For": "198.51.100.1"]).status == .tooManyRequests)
        #expect(try await session(from: "192.0.2.2").status == .unauthorized)
        test.clock.advance(by: .seconds(60))
        test.broker.answer = .success(.init(token: "t", nick: "n", did: "d", handle: "h"))
        #expect(try await session().status == .ok)
    }

    @Test func aProxyOnThisMachineIsNotShutOut() async throws {
        test.broker.answer = .failure(.unknownToken)
        for _ in 0..<100 { #expect(try await session(from: "127.0.0.1").status == .unauthorized) }
    }

    @Test func aDeadSessionIsNoGuess() async throws {
        test.broker.answer = .failure(.sessionDead)
        for _ in 0..<100 { #expect(try await session().status == .unauthorized) }
    }

    // MARK: Origins

    @Test func onlyKnownPagesMayRead() async throws {
        for origin in ["https://app.test", "https://irc.test"] {
            let response = try await ask(.GET, "/health", ["Origin": origin])
            #expect(response.headers["Access-Control-Allow-Origin"] == [origin])
            #expect(response.headers["Vary"] == ["Origin"])
        }
        for origin in ["https://evil.test", "http://app.test", "https://app.test:444", "https://app.test.evil.test", "null"] {
            let response = try await ask(.GET, "/health", ["Origin": origin])
            #expect(response.headers["Access-Control-Allow-Origin"].isEmpty)
        }
    }

    @Test func errorsCanBeReadToo() async throws {
        test.broker.answer = .failure(.sessionDead)
        #expect(try await session(["Origin": "https://app.test"]).headers["Access-Control-Allow-Origin"] == ["https://app.test"])
    }

    @Test func aPreflightIsAnswered() async throws {
        let asked: HTTPHeaders = [
            "Origin": "https://app.test", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type",
        ]
        let response = try await ask(.OPTIONS, "/session", asked)
        #expect(response.status == .noContent)
        #expect(response.headers["Access-Control-Allow-Origin"] == ["https://app.test"])
        #expect(response.headers["Access-Control-Allow-Methods"] == ["OPTIONS, POST"])
        #expect(response.headers["Access-Control-Allow-Headers"] == ["authorization, content-type"])
        let evil: HTTPHeaders = ["Origin": "https://evil.test", "Access-Control-Request-Method": "POST"]
        #expect(try await ask(.OPTIONS, "/session", evil).status == .forbidden)
        #expect(try await ask(.OPTIONS, "/session").headers["Allow"] == ["OPTIONS, POST"])
    }

    @Test func foreignPagesMayNotPost() async throws {
        #expect(try await session().status == .ok)
        #expect(try await session(["Origin": "https://app.test"]).status == .ok)
        #expect(try await session(["Origin": "https://irc.test"]).status == .ok)
        #expect(try await session(["Origin": "http://10.0.0.1:8080", "Host": "10.0.0.1:8080"]).status == .ok)
        for origin in ["https://evil.test", "null", "", "https://app.test, https://evil.test"] {
            let response = try await session(["Origin": origin, "Host": "irc.test"])
            #expect(response.status == .forbidden)
            #expect(String(buffer: response.body) == "Origin not allowed\n")
        }
        #expect(test.broker.tokens.count == 4)
    }

    @Test func aChangedConfigurationCounts() async throws {
        var configuration = test.sidecar.configuration
        configuration.allowedOrigins = []
        configuration.network = "Other"
        test.sidecar.reconfigure(configuration)
        #expect(try await ask(.GET, "/health", ["Origin": "https://app.test"]).headers["Access-Control-Allow-Origin"].isEmpty)
        #expect(String(buffer: try await ask(.GET, "/health").body).contains("Other"))
    }
}
