import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

/// The story that Roost exists for, with the built executable.
@Suite(.serialized) struct LoginStoryTests {
    @Test func aPersonLogsInAndStaysLoggedIn() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            #expect(login.did == did && login.handle == "alice.test" && login.nick == "alice.test")

            let desktop = try await roost.chat("alice", token: login.token, did: did, over: .tls())
            try await desktop.send("JOIN #nest")
            _ = try await desktop.next(containing: " 366 ")
            let second = try await roost.session(login.broker_token, browser: browser)
            let token = try #require(second.session?.token)
            let page = try await roost.chat("alice2", token: token, did: did, over: .webSocket())
            try await page.send("JOIN #nest")
            _ = try await page.next(containing: " 366 ")
            try await page.send("PRIVMSG #nest :hello from the page")
            _ = try await desktop.next(containing: "hello from the page")

            #expect(await roost.process.terminate() == .status(0))
            _ = try await desktop.next(containing: "ERROR :Closing link")
            try await roost.startAgain()

            let third = try await roost.session(login.broker_token, browser: browser)
            #expect(third.status == 200 && third.session?.did == did)
            let again = try await roost.chat("alice", token: try #require(third.session?.token), did: did, over: .tls())
            try await again.send("JOIN #nest")
            _ = try await again.next(containing: " 366 ")
            try await again.send("CHATHISTORY LATEST #nest * 10")
            _ = try await again.next(containing: "hello from the page")
            #expect(peer.counters.refreshes <= 1 && peer.counters.replays == 0)
        }
    }

    /// The connection logs in, and the page around it acts over HTTP as the same person.
    @Test func aConnectionSpeaksOverHTTPToo() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            let page = try await roost.chat("alice", token: login.token, did: did, over: .webSocket())
            let fresh = try await roost.session(login.broker_token, browser: browser)
            let bearer = try await roost.authenticate(page, token: try #require(fresh.session?.token), did: did)
            try await page.send("JOIN #nest")
            _ = try await page.next(containing: " 366 ")
            try await page.send("MODE #nest +s")
            _ = try await page.next(containing: " MODE #nest +s")

            var pins = HTTPClientRequest(url: roost.origin + "/api/v1/channels/nest/pins")
            #expect(try await browser.execute(pins, timeout: .seconds(60)).status == .notFound)
            pins.headers.add(name: "Authorization", value: "Bearer \(bearer)")
            #expect(try await browser.execute(pins, timeout: .seconds(60)).status == .ok)
            var command = HTTPClientRequest(url: roost.origin + "/api/v1/services/nickserv")
            command.method = .POST
            command.headers = ["Authorization": "Bearer \(bearer)", "Content-Type": "application/json"]
            command.body = .bytes(ByteBuffer(string: #"{"command":"INFO"}"#))
            let answer = try await browser.execute(command, timeout: .seconds(60))
            let text = String(buffer: try await answer.body.collect(upTo: 1 << 16))
            #expect(answer.status == .ok && text.hasPrefix(#"{"lines":["Account \#(did)""#))

            try await page.send("QUIT")
            _ = try await page.next(containing: "ERROR ")
            #expect(try await browser.execute(pins, timeout: .seconds(60)).status == .unauthorized)
        }
    }

    @Test func aWebTokenIsGoodOnce() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            _ = try await roost.chat("alice", token: login.token, did: did, over: .tls())
            await #expect(throws: (any Error).self) { try await roost.chat("alice2", token: login.token, did: did, over: .tls()) }
        }
    }
}
