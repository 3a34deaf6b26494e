import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

/// Logins as things that people own, with the built executable and a strict peer.
@Suite(.serialized) struct OwningTests {
    private func ask(
        _ roost: RunningRoost, _ method: HTTPMethod, _ path: String, token: String, browser: HTTPClient
    ) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: roost.origin + path)
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        let answer = try await browser.execute(request, timeout: .seconds(60))
        return (Int(answer.status.code), String(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }

    private struct List: Decodable {
        struct Session: Decodable {
            var id: String
            var state: String
            var current: Bool
        }
        var sessions: [Session]
    }

    @Test func loggingOutIsForGoodAndAtOnce() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let (first, second) = (
                try await roost.logIn("alice.test", browser: browser), try await roost.logIn("alice.test", browser: browser)
            )
            let desktop = try await roost.chat("alice", token: first.token, did: did, over: .tls())
            let phone = try await roost.chat("alice2", token: second.token, did: did, over: .webSocket())
            let list = try await ask(roost, .GET, "/api/v1/account/sessions", token: first.broker_token, browser: browser)
            let sessions = try JSONDecoder().decode(List.self, from: Data(list.body.utf8)).sessions
            #expect(list.status == 200 && sessions.map(\.state) == ["live", "live"] && sessions.map(\.current) == [true, false])

            let unused = try #require(try await roost.session(second.broker_token, browser: browser).session?.token)
            let path = "/api/v1/account/sessions/" + sessions[1].id
            #expect(try await ask(roost, .DELETE, path, token: first.broker_token, browser: browser).status == 204)
            _ = try await phone.next(containing: "Your login is over: signed out")
            #expect(try await roost.session(second.broker_token, browser: browser).status == 401)
            await #expect(throws: (any Error).self) { try await roost.chat("alice3", token: unused, did: did, over: .tls()) }
            await peer.wait { $0.revokedSessions == 1 }
            #expect(peer.liveSessions(of: did) == 1)

            #expect(try await ask(roost, .POST, "/auth/logout", token: first.broker_token, browser: browser).status == 204)
            _ = try await desktop.next(containing: "Your login is over: signed out")
            await peer.wait { $0.revokedSessions == 2 }
            #expect(peer.liveSessions(of: did) == 0)
            await roost.process.kill()
            try await roost.startAgain()
            for login in [first, second] { #expect(try await roost.session(login.broker_token, browser: browser).status == 401) }
        }
    }

    @Test func aClientThatCanDoNothingIsLoggedInByABrowser() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let client = try await TestIRCClient.connect(port: roost.tlsPort, .tls())
            try await client.send("NICK ann")
            try await client.send("USER u 0 * :u")
            _ = try await client.next(containing: " 001 ")
            try await client.send("PRIVMSG NickServ :LOGIN alice.test")
            let line = try await client.next(containing: "/auth/link/")
            let path = try #require(line.split(separator: roost.origin).last.map(String.init))

            let page = try await roost.get(path, browser: browser)
            let text = String(buffer: try await page.body.collect(upTo: 1 << 20))
            #expect(page.status == .ok && text.contains("Nickname: ann") && text.contains("Address: 127.0.x.x"))
            let check = try #require(text.firstMatch(of: /name="check" value="([0-9a-f]+)"/)?.1)
            let onward = try await roost.get(path, form: "check=\(check)", browser: browser)
            #expect(onward.status == .seeOther)
            let consent = try #require(onward.headers.first(name: "location"))
            let back = try #require(
                try await browser.execute(HTTPClientRequest(url: consent), timeout: .seconds(30)).headers.first(name: "location"))
            let stranger = try await browser.execute(HTTPClientRequest(url: back), timeout: .seconds(30))
            #expect(stranger.status == .badRequest)
            let done = try await roost.come(back: back, browser: browser)
            #expect(done.status == .ok)
            #expect(try await client.next(containing: " 900 ").hasSuffix("You are now logged in as \(did)"))
            _ = try await client.next(containing: "You are now authenticated as \(did) (@alice.test)")
            await peer.wait { $0.revokedSessions == 1 }
            #expect(peer.liveSessions(of: did) == 0)
            #expect(try await roost.get(path, browser: browser).status == .notFound)
        }
    }

    @Test func anOperatorEndsThem() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let (first, second) = (
                try await roost.logIn("alice.test", browser: browser), try await roost.logIn("alice.test", browser: browser)
            )
            let client = try await roost.chat("alice", token: first.token, did: did, over: .tls())
            let list = try await roost.admin("ns", "SESSIONS", did)
            #expect(list.contains("\n  w1  ") && list.contains(", by w1\n") && list.contains("1 connections, 2 logins on the web."))
            #expect(try await roost.admin("ns", "SALOGOUT", did, "w1") == "Login w1 is ended, with the connections that rested on it\n")
            _ = try await client.next(containing: "Your login is over: ended by an operator")
            #expect(try await roost.session(first.broker_token, browser: browser).status == 401)

            let fresh = try #require(try await roost.session(second.broker_token, browser: browser).session?.token)
            let again = try await roost.chat("alice", token: fresh, did: did, over: .tls())
            #expect(try await roost.admin("ns", "SUSPEND", did, "spam") == "\(did) is suspended\n")
            _ = try await again.next(containing: "Account suspended (spam)")
            #expect(try await roost.session(second.broker_token, browser: browser).status == 403)
            await peer.wait { $0.revokedSessions == 2 }
            let back = try await roost.visit("alice.test", browser: browser)
            #expect(try await roost.come(back: back, browser: browser).status == .forbidden)
            await peer.wait { $0.revokedSessions == 3 }
            #expect(peer.liveSessions(of: did) == 0)
        }
    }

    @Test func anotherBrowserCannotEndALogin() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let back = try await roost.visit("alice.test", browser: browser)
            let stranger = try await browser.execute(HTTPClientRequest(url: back), timeout: .seconds(30))
            #expect(stranger.status == .badRequest && peer.counters.codeGrants == 0)
            #expect(try await roost.come(back: back, browser: browser).status == .temporaryRedirect)
            #expect(peer.counters.codeGrants == 1)
        }
    }

    @Test func aServerInsteadOfAnAccount() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            peer.configure { $0.approval = .account(did) }
            let login = try await roost.logIn(peer.origins.pds, browser: browser)
            #expect(login.did == did && login.handle == "alice.test")
        }
    }

    @Test func aTakedownDisconnects() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            let login = try await roost.logIn("alice.test", browser: browser)
            let client = try await roost.chat("alice", token: login.token, did: did, over: .tls())
            peer.change(did) { $0.status = .deactivated }
            try await client.send("NS RECHECK")
            _ = try await client.next(containing: "\(did) is @alice.test")
            peer.change(did) { $0.status = .takenDown }
            try await client.send("NS RECHECK")
            _ = try await client.next(containing: ": the account was taken down")
            #expect(try await roost.session(login.broker_token, browser: browser).status == 401)
        }
    }
}
