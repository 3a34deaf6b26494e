import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

/// The account page with the built executable: from the handle to a device password, and to its end.
@Suite(.serialized) struct AccountPageTests {
    private func text(_ answer: HTTPClientResponse) async throws -> String {
        String(buffer: try await answer.body.collect(upTo: 1 << 20))
    }

    @Test func aPasswordFromThePageLogsAnyClientIn() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            let did = peer.addAccount("alice.test").did
            #expect(try await text(try await roost.get("/account", browser: browser)).contains("/account/sign-in"))
            let start = try await roost.get("/account/sign-in", form: "handle=alice.test", browser: browser)
            let consent = try await browser.execute(
                HTTPClientRequest(url: try #require(start.headers.first(name: "location"))), timeout: .seconds(30))
            let back = try await roost.come(back: try #require(consent.headers.first(name: "location")), browser: browser)
            #expect(back.status == .seeOther && back.headers.first(name: "location")?.hasPrefix(roost.origin + "/account#") == true)

            let page = try await text(try await roost.get("/account", browser: browser))
            #expect(page.contains("You are signed in as alice.test."))
            let check = try #require(page.firstMatch(of: /name="check" value="([0-9a-f]{64})"/)?.1)
            let made = try await text(try await roost.get("/account/devices", form: "name=irssi&days=&check=\(check)", browser: browser))
            let password = try #require(made.firstMatch(of: /Password: ([a-z0-9-]{34})/)?.1)
            #expect(made.contains("Account: \(did)"))

            let client = try await TestIRCClient.connect(port: roost.tlsPort, .tls())
            for line in ["CAP REQ :sasl", "NICK ann", "USER u 0 * :u", "AUTHENTICATE PLAIN"] { try await client.send(line) }
            _ = try await client.next(containing: "AUTHENTICATE +")
            try await client.send("AUTHENTICATE " + Data("\0\(did)\0\(password)".utf8).base64EncodedString())
            _ = try await client.next(containing: " 903 ")
            try await client.send("CAP END")
            _ = try await client.next(containing: " 001 ")

            let end = try await roost.get("/account/devices/irssi/end", form: "check=\(check)", browser: browser)
            #expect(end.status == .seeOther)
            _ = try await client.next(containing: "device password of this connection was revoked")
            let out = try await roost.get("/account/sign-out", form: "check=\(check)", browser: browser)
            #expect(out.status == .seeOther)
            await peer.wait { $0.revokedSessions == 1 }
            #expect(peer.liveSessions(of: did) == 0)
        }
    }
}
