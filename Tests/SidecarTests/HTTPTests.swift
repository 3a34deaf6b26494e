import Broker
import MainLoop
import NIOCore
import RoostTesting
import Server
import Sidecar
import Testing
import Transport

@LoopActor
@Suite struct HTTPTests {
    private func get(_ path: String, _ headers: [String] = [], method: String = "GET") -> [UInt8] {
        Array(([method + " " + path + " HTTP/1.1", "Host: irc.test"] + headers + ["", ""]).joined(separator: "\r\n").utf8)
    }

    private func post(_ body: String, length: Int? = nil) -> [UInt8] {
        let headers = ["Content-Type: application/json", "Content-Length: \(length ?? body.utf8.count)"]
        return get("/session", headers, method: "POST") + Array(body.utf8)
    }

    @Test func oneConnectionServesManyRequests() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: get("/health"))
            try await client.next(containing: "200 OK")
            try await client.send(bytes: get("/nothing"))
            try await client.next(containing: "404 Not Found")
            #expect(test.sidecar.connectionCount == 1)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestSidecar().run { test, port in
            let gate = Gate()
            test.broker.gate = gate
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: post(#"{"broker_token":"b"}"#) + get("/nothing"))
            gate.open()
            try await client.next(containing: "200 OK")
            try await client.next(containing: "404 Not Found")
        }
    }

    /// The requests of everybody behind a proxy are counted as their own, not as those of the proxy.
    @Test func aTrustedProxyNamesWhoAsks() async throws {
        try await TestSidecar { $0.limits.unknownTokens = 1 }.run { test, port in
            test.edge.proxies = TrustedProxies([AddressRange("127.0.0.1")].compactMap(\.self))
            test.broker.answer = .failure(.unknownToken)
            let client = try await TestIRCClient.connect(port: port)
            func ask(from address: String) async throws {
                let body = #"{"broker_token":"b"}"#
                let headers = ["Content-Type: application/json", "Content-Length: \(body.utf8.count)", "X-Forwarded-For: \(address)"]
                try await client.send(bytes: get("/session", headers, method: "POST") + Array(body.utf8))
            }
            try await ask(from: "192.0.2.1")
            try await client.next(containing: "401 ")
            try await ask(from: "192.0.2.1")
            try await client.next(containing: "429 ")
            try await ask(from: "192.0.2.2")
            try await client.next(containing: "401 ")
            test.edge.proxies = TrustedProxies()
            for _ in 0..<2 {
                try await ask(from: "192.0.2.1")
                try await client.next(containing: "401 ")
            }
        }
    }

    @Test func headHasNoBody() async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: get("/health", method: "HEAD") + get("/nothing", ["Connection: close"]))
            #expect(try await client.end() == .closed)
            #expect(client.lines.filter { $0.lowercased().hasPrefix("content-length:") }.count == 2)
            #expect(!client.lines.contains { $0.contains("\"status\"") })
            #expect(client.lines.last == "Nothing is here")
        }
    }

    @Test func aBodyThatIsTooLargeIsRefused() async throws {
        try await TestSidecar { $0.limits.body = 100 }.run { test, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: post(String(repeating: "x", count: 101), length: 100_000))
            try await client.next(containing: "413 ")
            #expect(try await client.end() == .closed)
            #expect(test.broker.tokens.isEmpty)
        }
    }

    @Test func aBodyOfTheLimitIsTaken() async throws {
        try await TestSidecar { $0.limits.body = 100 }.run { test, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: post(#"{"broker_token":"b"}"#.padding(to: 100)))
            try await client.next(containing: "200 OK")
        }
    }

    @Test func aHeaderThatIsTooLargeIsRefused() async throws {
        try await TestSidecar { $0.limits.headerField = 200 }.run { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: get("/health", ["X-Long: " + String(repeating: "x", count: 300)]))
            try await client.next(containing: "431 ")
            #expect(try await client.end() == .closed)
        }
    }

    @Test(arguments: ["NICK me\r\nUSER me 0 * :me\r\n\r\n", "GET http://irc.test/health HTTP/1.1\r\nHost: irc.test\r\n\r\n"])
    func whatIsNoRequestIsRefused(_ text: String) async throws {
        try await TestSidecar().run { _, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: Array(text.utf8))
            try await client.next(containing: "400 Bad Request")
            #expect(try await client.end() == .closed)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: get("/health"))
            try await client.next(containing: "200 OK")
            test.clock.advance(by: test.sidecar.configuration.limits.idleTime)
            #expect(try await client.end() == .closed)
        }
    }

    @Test func aBodyMayNotTakeForever() async throws {
        try await TestSidecar().run { test, port in
            let client = try await TestIRCClient.connect(port: port)
            // The second head is read right after the first answer is written.
            try await client.send(bytes: get("/health") + post("{", length: 50))
            try await client.next(containing: "200 OK")
            test.clock.advance(by: test.sidecar.configuration.limits.bodyTime)
            try await client.next(containing: "408 ")
            #expect(try await client.end() == .closed)
        }
    }

    @Test func connectionsAreBounded() async throws {
        try await TestSidecar { $0.limits.connections = 1 }.run { test, port in
            let first = try await TestIRCClient.connect(port: port)
            try await first.send(bytes: get("/health"))
            try await first.next(containing: "200 OK")
            let second = try await TestIRCClient.connect(port: port)
            #expect(try await second.end() == .closed)
            #expect(test.sidecar.connectionCount == 1)
        }
    }

    @Test func requestsUnderWayAreBounded() async throws {
        try await TestSidecar { $0.limits.requests = 1 }.run { test, port in
            let gate = Gate()
            test.broker.gate = gate
            let first = try await TestIRCClient.connect(port: port)
            let second = try await TestIRCClient.connect(port: port)
            // The answer to the first request shows that the one behind it is being worked on.
            try await first.send(bytes: get("/nothing") + post(#"{"broker_token":"b"}"#))
            try await first.next(containing: "404 ")
            try await second.send(bytes: get("/health"))
            try await second.next(containing: "503 ")
            gate.open()
            try await first.next(containing: "200 OK")
            try await second.send(bytes: get("/health"))
            try await second.next(containing: "200 OK")
        }
    }

    @Test func aCallerThatGoesAwayDoesNotStopTheBroker() async throws {
        try await TestSidecar().run { test, port in
            let gate = Gate()
            test.broker.gate = gate
            let client = try await TestIRCClient.connect(port: port)
            try await client.send(bytes: get("/nothing") + post(#"{"broker_token":"b"}"#))
            try await client.next(containing: "404 ")
            await client.reset()
            gate.open()
            await test.broker.finished.wait()
            #expect(test.broker.tokens == ["b"])
        }
    }

    @Test func aStopClosesWhatIsIdleAndAnswersTheRest() async throws {
        try await TestSidecar().run { test, port in
            let gate = Gate()
            test.broker.gate = gate
            let idle = try await TestIRCClient.connect(port: port)
            try await idle.send(bytes: get("/health"))
            try await idle.next(containing: "200 OK")
            let busy = try await TestIRCClient.connect(port: port)
            try await busy.send(bytes: get("/nothing") + post(#"{"broker_token":"b"}"#))
            try await busy.next(containing: "404 ")
            test.sidecar.stop()
            #expect(try await idle.end() == .closed)
            gate.open()
            try await busy.next(containing: "200 OK")
            #expect(try await busy.end() == .closed)
            #expect(busy.lines.contains("Connection: close"))
        }
    }
}

extension String {
    /// With spaces at the end until it has `length` bytes.
    fileprivate func padding(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - utf8.count))
    }
}
