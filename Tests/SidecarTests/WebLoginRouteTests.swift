import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

@testable import Broker
@testable import Sidecar
@testable import Store

/// The owner of a broker token sees, names and ends logins over HTTP.
@LoopActor @Suite struct WebLoginRouteTests {
    private let test = TestSidecar()
    private nonisolated static let sessions = "/api/v1/account/sessions"

    private func ask(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders = ["Authorization": "Bearer b"], body: String = "",
        from address: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        await test.sidecar.router.respond(
            to: HTTPRequest(
                method: method, target: try #require(RequestTarget(path)), headers: headers, body: ByteBuffer(string: body),
                address: address))
    }

    private func login(_ number: Int, ended: String? = nil) -> WebLogin {
        WebLogin(
            id: "s\(number)", did: "did:plc:alice", number: number, name: number == 1 ? "my \"phone\"" : nil,
            place: LoginPlace(address: "192.0.2.9", agent: "Browser"), createdAt: 1_700_000_000_000, usedAt: 1_700_000_001_999,
            endedBecause: ended)
    }

    @Test func theListSaysWhatIsKnown() async throws {
        test.broker.own = OwnWebLogins(current: "s1", all: [login(1), login(2, ended: "signed out")])
        let response = try await ask(.GET, Self.sessions)
        #expect(response.status == .ok && response.headers["Cache-Control"] == ["no-store"])
        #expect(
            String(buffer: response.body) == #"""
                {"sessions":[{"address":"192.0.2.9","agent":"Browser","created_at":"2023-11-14T22:13:20Z","current":true,"id":"s1",\#
                "name":"my \"phone\"","number":1,"state":"live","used_at":"2023-11-14T22:13:21Z"},\#
                {"address":"192.0.2.9","agent":"Browser","created_at":"2023-11-14T22:13:20Z","current":false,"id":"s2",\#
                "number":2,"reason":"signed out","state":"ended","used_at":"2023-11-14T22:13:21Z"}]}
                """#)
        #expect(test.broker.tokens == ["b"])
    }

    @Test func theyAreNamedAndEnded() async throws {
        test.broker.own = OwnWebLogins(current: "s1", all: [login(1)])
        let json: HTTPHeaders = ["Authorization": "bearer b", "Content-Type": "application/json"]
        #expect(try await ask(.PATCH, Self.sessions + "/s1", json, body: #"{"name":" my  phone "}"#).status == .noContent)
        #expect(try await ask(.PATCH, Self.sessions + "/s1", json, body: #"{"name":""}"#).status == .noContent)
        #expect(try await ask(.PATCH, Self.sessions + "/s9", json, body: #"{"name":"x"}"#).status == .notFound)
        #expect(try await ask(.DELETE, Self.sessions + "/s1").status == .noContent)
        let missing = try await ask(.DELETE, Self.sessions + "/s9")
        #expect(missing.status == .notFound && missing.headers["Content-Type"] == ["application/problem+json"])
        let all = try await ask(.DELETE, Self.sessions)
        #expect(String(buffer: all.body) == #"{"ended":1}"#)
        #expect(try await ask(.DELETE, Self.sessions + "?except=current").status == .ok)
        #expect(try await ask(.POST, "/auth/logout").status == .noContent)
        #expect(
            test.broker.acts == ["name s1 my phone", "name s1 -", "name s9 x", "end s1", "end s9", "end all", "end others", "log out"])
    }

    @Test(arguments: ["", "[]", #"{"name":1}"#, #"{"name":"a\u0007"}"#, #"{"name":"\#(String(repeating: "x", count: 61))"}"#])
    func aNameIsOneShortLine(_ body: String) async throws {
        test.broker.own = OwnWebLogins(current: "s1", all: [login(1)])
        let json: HTTPHeaders = ["Authorization": "Bearer b", "Content-Type": "application/json"]
        #expect(try await ask(.PATCH, Self.sessions + "/s1", json, body: body).status == .badRequest)
        #expect(try await ask(.PATCH, Self.sessions + "/s1", body: #"{"name":"x"}"#).status == .badRequest)
        #expect(test.broker.acts.isEmpty)
    }

    @Test(arguments: [
        (HTTPMethod.GET, Self.sessions), (.DELETE, Self.sessions), (.DELETE, Self.sessions + "/s1"), (.PATCH, Self.sessions + "/s1"),
        (.POST, "/auth/logout"),
    ])
    func withoutATokenNothingIsDone(_ method: HTTPMethod, _ path: String) async throws {
        for headers: HTTPHeaders in [[:], ["Authorization": "Basic YTpi"], ["Authorization": "Bearer"], ["Authorization": "Bearer a b"]] {
            let response = try await ask(method, path, headers)
            #expect(response.status == .unauthorized && response.headers["WWW-Authenticate"] == ["Bearer"])
        }
        // What a page of another origin sends is not even looked at; a page cannot read the answer of a GET.
        let foreign = try await ask(method, path, ["Authorization": "Bearer b", "Origin": "https://evil.test"])
        #expect(method == .GET || foreign.status == .forbidden)
        #expect(foreign.headers["Access-Control-Allow-Origin"].isEmpty)
        #expect(test.broker.acts.isEmpty)
        let known = try await ask(method, path, ["Authorization": "Bearer b", "Origin": "https://app.test"])
        #expect(known.status != .forbidden && known.headers["Access-Control-Allow-Origin"] == ["https://app.test"])
    }

    @Test(arguments: [
        (BrokerError.unknownToken, 401), (.sessionDead, 401), (.suspended("spam"), 403), (.tooMany(retryAfter: 3), 429),
        (.unavailable("x", retryAfter: 9), 503),
    ])
    func errorsAreProblems(_ error: BrokerError, _ status: Int) async throws {
        test.broker.answer = .failure(error)
        let response = try await ask(.GET, Self.sessions)
        #expect(Int(response.status.code) == status && response.headers["Content-Type"] == ["application/problem+json"])
        #expect(String(buffer: response.body) == #"{"status":\#(status),"title":"\#(error.message)"}"#)
        #expect(response.headers["Retry-After"] == (error.retryAfter.map { [String($0)] } ?? []))
        #expect(response.headers.contains(name: "WWW-Authenticate") == (status == 401))
    }

    @Test func tokensAreNotGuessed() async throws {
        test.broker.answer = .failure(.unknownToken)
        for _ in 0..<test.sidecar.configuration.limits.unknownTokens { #expect(try await ask(.GET, Self.sessions).status == .unauthorized) }
        let refused = try await ask(.POST, "/auth/logout")
        #expect(refused.status == .tooManyRequests && refused.headers["Retry-After"] == ["61"])
        #expect(try await ask(.POST, "/auth/logout", from: "192.0.2.2").status == .unauthorized)
    }

    @Test func onePathAnswersSeveralMethods() async throws {
        let wrong = try await ask(.POST, Self.sessions)
        #expect(wrong.status == .methodNotAllowed && wrong.headers["Allow"] == ["DELETE, GET, HEAD, OPTIONS"])
        let preflight = try await ask(
            .OPTIONS, Self.sessions + "/s1", ["Origin": "https://app.test", "Access-Control-Request-Method": "PATCH"])
        #expect(preflight.headers["Access-Control-Allow-Methods"] == ["DELETE, OPTIONS, PATCH"])
        #expect(preflight.headers["Access-Control-Allow-Headers"] == ["authorization, content-type"])
        #expect(try await ask(.GET, Self.sessions + "/").status == .notFound)
    }
}
