import ATProto
import Accounts
import Foundation
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct BearerTests {
    private func numerics(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] } }

    private func message(_ token: String, as name: String = "") -> String {
        Data("n,\(name),\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8).base64EncodedString()
    }

    private func mint(_ test: TestWorld) throws -> (token: String, did: DID) {
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        return (test.webTokens.mint(did: did, handle: Handle("alice.example.com")), did)
    }

    @Test func aTokenOfTheBrokerLogsIn() async throws {
        let test = try await TestWorld()
        let (first, did) = try mint(test)
        let client = test.connect()
        await client.send("NICK ann", "USER a 0 * :A")
        #expect(await client.ask("CAP LS 302").contains { $0.contains("IRCV3BEARER,OAUTHBEARER") })
        await client.send("AUTHENTICATE OAUTHBEARER")
        #expect(await numerics(client.ask("AUTHENTICATE " + message(first, as: "a=alice.example.com"))) == ["900", "903"])
        #expect(client.client.identity?.did == did)
        let second = try mint(test).token
        await client.send("AUTHENTICATE IRCV3BEARER")
        let answer = Data("\0oauth2\0\(second)".utf8).base64EncodedString()
        #expect(await numerics(client.ask("AUTHENTICATE " + answer)) == ["900", "903"])
    }

    @Test func aRefusalIsAcknowledgedBeforeItIsToldAndCounts() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("NICK ann", "USER a 0 * :A")
        for number in 1...3 {
            await client.send("AUTHENTICATE OAUTHBEARER")
            let challenge = await client.ask("AUTHENTICATE " + message("wrong"))
            #expect(challenge.count == 1)
            let text = Data(base64Encoded: String(challenge.first?.split(separator: " ").last ?? "")) ?? Data()
            #expect(String(decoding: text, as: UTF8.self) == #"{"status":"invalid_token","schemes":"bearer"}"#)
            let end = await client.ask(number == 2 ? "AUTHENTICATE *" : "AUTHENTICATE AQ==")
            #expect(end.first?.contains(" 904 ") == true)
        }
        #expect(client.isClosed)
    }

    /// Whoever begins anew instead of acknowledging guesses no more often.
    @Test(arguments: ["AUTHENTICATE OAUTHBEARER", "AUTHENTICATE PLAIN"])
    func aRefusalThatIsNotAcknowledgedCountsAsWell(_ next: String) async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP LS 302", "NICK ann", "USER a 0 * :A")
        for number in 1...3 {
            await client.send("AUTHENTICATE OAUTHBEARER", "AUTHENTICATE " + message("wrong"))
            let answer = await client.ask(next)
            #expect(answer.first?.contains(" 904 ") == true)
            #expect(answer.contains("AUTHENTICATE +") == (number < 3))
            if number < 3 { await client.send("AUTHENTICATE *") }
        }
        #expect(client.isClosed)
    }

    @Test func theEndOfTheNegotiationTellsARefusalThatWaits() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP LS 302", "NICK ann", "USER a 0 * :A", "AUTHENTICATE OAUTHBEARER", "AUTHENTICATE " + message("wrong"))
        #expect(await numerics(client.ask("CAP END")).prefix(2) == ["904", "001"])
    }

    @Test func nobodyActsForSomebodyElse() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("NICK ann", "AUTHENTICATE OAUTHBEARER")
        await client.send("AUTHENTICATE " + message(try mint(test).token, as: "a=root"), "AUTHENTICATE AQ==")
        #expect(client.all("904").count == 1 && client.all("900").isEmpty)
    }

    @Test func withoutADIDServiceTokensAreRefused() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("NICK ann", "AUTHENTICATE ATPROTO-CHALLENGE")
        let answer = Base64URL.encode(Data(#"{"did":"","method":"service-auth","signature":"a.b.c"}"#.utf8))
        #expect(await numerics(client.ask("AUTHENTICATE " + answer)) == ["904"])
    }
}
