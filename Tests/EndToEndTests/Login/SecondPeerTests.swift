import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RoostTesting
import Testing

/// The login against a second, independent AT Protocol peer, where there is one beside the checkout.
@Suite(.serialized, .enabled(if: SecondPeer.isThere)) struct SecondPeerTests {
    @Test func aPersonLogsInAndStaysLoggedIn() async throws {
        try await withRoost { roost, _, browser in try await story(roost, browser) }
    }

    /// The public address is https, so the client is confidential: the peer reads its documents from the running server and
    /// checks every assertion. A key is added in the middle.
    @Test func aConfidentialClientAddsAKeyAndNobodyIsLoggedOut() async throws {
        try await withRoost(publicURL: "https://irc.example.com", ["--access-ttl", "5"]) { roost, peer, browser in
            let first = try await roost.logIn("alice.test", browser: browser).broker_token
            #expect(try await roost.session(first, browser: browser).status == 200)
            #expect(try await roost.command(["client-key", "add"]) == .status(0))
            #expect(try await roost.session(first, browser: browser).status == 200)
            let second = try await roost.logIn("alice.test", browser: browser).broker_token
            await roost.process.terminate()
            try await roost.startAgain()
            for token in [first, second, first, second] { #expect(try await roost.session(token, browser: browser).status == 200) }
            let state = try await peer.control("/stats", browser: browser)
            #expect(state.contains(#""token""#) && state.contains("refresh_token:200"))
            for trouble in ["invalid_client", "invalid_grant", "invalid_request"] { #expect(!state.contains(trouble)) }
            let sessions = try await peer.control("/sessions", browser: browser)
            #expect(sessions.contains("private_key_jwt") && !sessions.contains(#""none""#))
            await roost.process.kill()
        }
    }

    private func withRoost(
        publicURL: String? = nil, _ arguments: [String] = [], _ body: (RunningRoost, SecondPeer, HTTPClient) async throws -> Void
    ) async throws {
        let httpPort = try await TestPorts.free()
        let map = publicURL.map { ["--map", "\($0.dropFirst("https://".count))=http://127.0.0.1:\(httpPort)"] } ?? []
        let peer = try await SecondPeer.start(map + arguments)
        let browser = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        do {
            try await withTestProcess(peer.process) { _ in
                try await withTestDirectory { directory in
                    let roost = try await RunningRoost.start(
                        in: directory, plc: peer.plc, nameServer: peer.dns, httpPort: httpPort, publicURL: publicURL)
                    try await withTestProcess(roost.process) { _ in
                        try await body(roost, peer, browser)
                    }
                }
            }
            try await browser.shutdown()
        } catch {
            try? await browser.shutdown()
            throw error
        }
    }

    private func story(_ roost: RunningRoost, _ browser: HTTPClient) async throws {
        let login = try await roost.logIn("alice.test", browser: browser)
        #expect(login.handle == "alice.test")
        let desktop = try await roost.chat("alice", token: login.token, did: login.did, over: .tls())
        try await desktop.send("JOIN #nest")
        _ = try await desktop.next(containing: " 366 ")
        let page = try await roost.session(login.broker_token, browser: browser)
        let client = try await roost.chat(
            "alice2", token: try #require(page.session?.token), did: login.did, over: .webSocket())
        try await client.send("JOIN #nest")
        try await client.send("PRIVMSG #nest :hello")
        _ = try await desktop.next(containing: "PRIVMSG #nest :hello")
        await roost.process.terminate()
        try await roost.startAgain()
        let again = try await roost.session(login.broker_token, browser: browser)
        #expect(again.status == 200)
        _ = try await roost.chat("alice", token: try #require(again.session?.token), did: login.did, over: .tls())
        await roost.process.kill()
    }
}

extension SecondPeer {
    /// What the peer says of itself.
    ///
    /// - Parameter body: what it is told, as JSON; nil: nothing.
    func control(_ path: String, _ body: String? = nil, browser: HTTPClient) async throws -> String {
        var request = HTTPClientRequest(url: controlOrigin + path)
        if let body {
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await browser.execute(request, timeout: .seconds(30))
        return String(buffer: try await answer.body.collect(upTo: 1 << 22))
    }
}
