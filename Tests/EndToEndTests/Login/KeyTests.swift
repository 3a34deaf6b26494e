import AsyncHTTPClient
import Foundation
import GRDB
import NIOCore
import NIOHTTP1
import RoostTesting
import Store
import Testing

/// Keys that change while people are logged in, with the built executable and a strict peer.
@Suite(.serialized) struct KeyTests {
    // MARK: The master key

    @Test func aNewMasterKeyCostsNobodyAnything() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            let desktop = try await roost.chat("alice", token: login.token, did: did, over: .tls())
            let (key, host) = (try Data(contentsOf: roost.file("secret.key")), try await guestHost(roost))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await roost.session(login.broker_token, browser: browser).status } }
                #expect(try await roost.command(["admin", "rotate-key"]) == .status(0))
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 20))
            #expect(try Data(contentsOf: roost.file("secret.key")) != key)
            #expect(try await guestHost(roost) == host)
            try await desktop.send("PING still-here")
            _ = try await desktop.next(containing: "still-here")

            await roost.process.kill()
            #expect(try bytes(roost).range(of: Data(login.broker_token.utf8)) == nil)
            #expect(try await roost.command(["admin", "rotate-key"]) == .status(0))
            try await roost.startAgain()
            #expect(try await roost.session(login.broker_token, browser: browser).status == 200)
            #expect(try await guestHost(roost) == host)
            #expect(peer.counters.replays == 0 && peer.counters.deletedSessions == 0)

            // The first key opens nothing any more.
            await roost.process.kill()
            try key.write(to: roost.file("secret.key"))
            #expect(try await roost.command(["run"]) == .status(78))
        }
    }

    /// The server dies right after it wrote the new key, wherever it is by then.
    @Test func aKillInTheMiddleLosesNothing() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let login = try await roost.logIn("alice.test", browser: browser)
            let host = try await guestHost(roost)
            for _ in 0..<3 {
                let key = try Data(contentsOf: roost.file("secret.key"))
                async let exit = roost.command(["admin", "rotate-key"])
                var looks = 0
                while looks < 1_000_000, try Data(contentsOf: roost.file("secret.key")) == key {
                    looks += 1
                    await Task.yield()
                }
                await roost.process.kill()
                _ = try await exit
                try await roost.startAgain()
                let keys = try String(contentsOf: roost.file("secret.key"), encoding: .utf8).split(separator: "\n")
                #expect(keys.count == 1 && Data((keys[0] + "\n").utf8) != key)
                #expect(try await roost.session(login.broker_token, browser: browser).status == 200)
                #expect(try await guestHost(roost) == host)
            }
            #expect(peer.counters.replays == 0)
        }
    }

    /// What others see of somebody without an account who comes from this machine.
    private func guestHost(_ roost: RunningRoost) async throws -> String {
        let client = try await TestIRCClient.connect(port: roost.tlsPort, .tls())
        try await client.send("NICK visitor")
        try await client.send("USER v 0 * :v")
        _ = try await client.next(containing: " 001 ")
        try await client.send("USERHOST visitor")
        let answer = try await client.next(containing: " 302 ")
        await client.close()
        let host = answer.split(separator: "@").last.map { String($0.prefix { $0 != " " && $0 != "\r" }) }
        return try #require(host)
    }

    /// All bytes of the database.
    private func bytes(_ roost: RunningRoost) throws -> Data {
        try ["roost.db", "roost.db-wal"].reduce(into: Data()) { $0.append(try Data(contentsOf: roost.file($1))) }
    }

    // MARK: Keys of the client

    @Test func aNewClientKeySignsForNewSessionsOnly() async throws {
        let publicURL = "https://irc.example.com"
        try await withRoost(.stale, publicURL: publicURL) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            for handle in ["alice.test", "bob.test"] { peer.addAccount(handle) }
            try await publish(roost, publicURL, at: peer, browser)
            let first = try await roost.logIn("alice.test", browser: browser).broker_token
            let oldKey = try #require(lastKey(peer, .codeGrant))

            #expect(try await roost.command(["client-key", "add"]) == .status(0))
            try await publish(roost, publicURL, at: peer, browser)
            // It is published for a while before it signs.
            _ = try await roost.logIn("bob.test", browser: browser)
            #expect(lastKey(peer, .codeGrant) == oldKey)
            try await age(roost)
            let second = try await roost.logIn("bob.test", browser: browser).broker_token
            let newKey = try #require(lastKey(peer, .codeGrant))
            #expect(newKey != oldKey && lastKey(peer, .par) == newKey)

            for isRestarted in [false, true] {
                if isRestarted {
                    await roost.process.kill()
                    try await roost.startAgain()
                }
                for (token, key) in [(first, oldKey), (second, newKey), (first, oldKey)] {
                    #expect(try await roost.session(token, browser: browser).status == 200)
                    #expect(lastKey(peer, .refreshGrant) == key)
                }
            }
            #expect(peer.counters.deletedSessions == 0 && peer.counters.replays == 0)

            var logout = HTTPClientRequest(url: roost.origin + "/auth/logout")
            logout.method = .POST
            logout.headers.add(name: "authorization", value: "Bearer \(first)")
            #expect(try await browser.execute(logout, timeout: .seconds(60)).status == .noContent)
            await peer.wait { $0.revokedSessions == 1 }
            #expect(lastKey(peer, .revoke) == oldKey)
            #expect(try await roost.session(second, browser: browser).status == 200)
        }
    }

    /// The key that the last request to `endpoint` was signed with.
    private func lastKey(_ peer: ATProtoPeer, _ endpoint: PeerEndpoint) -> String? {
        peer.log.last { $0.endpoint == endpoint && $0.clientKey != nil }?.clientKey
    }

    /// Puts what the server says of itself where the peer looks for it.
    private func publish(_ roost: RunningRoost, _ publicURL: String, at peer: ATProtoPeer, _ browser: HTTPClient) async throws {
        for path in ["/oauth-client-metadata.json", "/oauth-client-keys.json"] {
            let answer = try await roost.get(path, browser: browser)
            #expect(answer.status == .ok)
            peer.publish(Data(try await answer.body.collect(upTo: 1 << 20).readableBytesView), at: publicURL + path)
        }
    }

    /// Makes the keys of the client an hour older than they are.
    private func age(_ roost: RunningRoost) async throws {
        let database = try RoostDatabase(path: roost.file("roost.db").path)
        try await database.writer.write { try $0.execute(sql: "UPDATE client_key SET created_at = created_at - 3600000") }
        try database.close()
    }
}
