import AsyncHTTPClient
import Foundation
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

    @Test func aWebTokenIsGoodOnce() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            _ = try await roost.chat("alice", token: login.token, did: did, over: .tls())
            await #expect(throws: (any Error).self) { try await roost.chat("alice2", token: login.token, did: did, over: .tls()) }
        }
    }
}
