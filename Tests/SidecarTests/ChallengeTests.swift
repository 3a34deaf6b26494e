import MainLoop
import RoostTesting
import Testing
import Transport

@testable import Sidecar

@LoopActor
@Suite struct ChallengeTests {
    private func get(_ path: String, method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: irc.test\r\nConnection: close\r\n\r\n"
    }

    private func ask(_ port: Int, _ request: String) async throws -> [String] {
        let client = try await TestIRCClient.connect(port: port)
        try await client.send(bytes: Array(request.utf8))
        _ = try await client.end()
        return client.lines
    }

    @Test func aTokenIsAnsweredWhileItsOrderIsUnderWay() async throws {
        try await TestSidecar().run { test, port in
            let path = "/.well-known/acme-challenge/abc-_1"
            #expect(try await ask(port, get(path)).first == "HTTP/1.1 404 Not Found")
            test.sidecar.challenges.answers = ["abc-_1": "abc-_1.print"]
            let answer = try await ask(port, get(path))
            #expect(answer.first == "HTTP/1.1 200 OK" && answer.last == "abc-_1.print")
            for other in ["/.well-known/acme-challenge/", "/.well-known/acme-challenge/abc-_2", "\(path)/x", "/.well-known/acme-challenge"]
            {
                #expect(try await ask(port, get(other)).first == "HTTP/1.1 404 Not Found", "\(other)")
            }
            // A changed configuration makes another router.
            var configuration = test.sidecar.configuration
            configuration.limits.logins += 1
            test.sidecar.reconfigure(configuration)
            #expect(try await ask(port, get(path)).first == "HTTP/1.1 200 OK")
            test.sidecar.challenges.answers = [:]
            #expect(try await ask(port, get(path)).first == "HTTP/1.1 404 Not Found")
        }
    }

    @Test func aPortOfItsOwnAnswersNothingElse() async throws {
        try await TestSidecar().run { test, _ in
            let listener = try await test.sidecar.challenges.listen(on: ListenAddress(host: "127.0.0.1", port: 0))
            await listener.start()
            let port = listener.address.port
            test.sidecar.challenges.answers = ["abc": "abc.print"]
            #expect(try await ask(port, get("/.well-known/acme-challenge/abc")).last == "abc.print")
            #expect(try await ask(port, get("/.well-known/acme-challenge/abc", method: "HEAD")).first == "HTTP/1.1 200 OK")
            for other in ["/", "/health", "/irc", "/.well-known/did.json", "http://irc.test/.well-known/acme-challenge/abc"] {
                #expect(try await ask(port, get(other)).first == "HTTP/1.1 404 Not Found", "\(other)")
            }
            #expect(try await ask(port, get("/session", method: "POST")).first == "HTTP/1.1 405 Method Not Allowed")
            #expect(try await ask(port, "NICK a\r\nUSER a 0 * :a\r\n").isEmpty)
            // One request, whatever else was sent with it.
            let twice = get("/").replacing("Connection: close\r\n", with: "")
            #expect(try await ask(port, twice + twice).count { $0.hasPrefix("HTTP/1.1 ") } == 1)
            await listener.stop()
        }
    }

    @Test func itsConnectionsAreBounded() async throws {
        try await TestSidecar().run { test, _ in
            let listener = try await test.sidecar.challenges.listen(on: ListenAddress(host: "127.0.0.1", port: 0))
            await listener.start()
            let port = listener.address.port
            var silent: [TestIRCClient] = []
            for _ in 0..<ChallengeAnswers.connectionLimit { silent.append(try await TestIRCClient.connect(port: port)) }
            while test.sidecar.challenges.count < ChallengeAnswers.connectionLimit { await Task.yield() }
            let more = try await TestIRCClient.connect(port: port)
            #expect(try await more.end() == .reset)
            #expect(test.sidecar.challenges.count == ChallengeAnswers.connectionLimit)
            test.clock.advance(by: ChallengeConnection.time)
            for client in silent { _ = try await client.end() }
            while test.sidecar.challenges.count > 0 { await Task.yield() }
            #expect(try await ask(port, get("/")).first == "HTTP/1.1 404 Not Found")
            await listener.stop()
        }
    }
}
