import ATProto
import Accounts
import Crypto
import Foundation
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct AuthenticateTests {
    private static let plain = "AUTHENTICATE AGFubgBzZWNyZXQ="

    @Test func plainLogsIn() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let client = test.connect()
        await client.send("CAP REQ :sasl", "NICK ann", "USER a 0 * :A")
        #expect(await client.ask("AUTHENTICATE plain") == ["AUTHENTICATE +"])
        let answer = await client.ask(Self.plain)
        #expect(answer.map { $0.split(separator: " ")[1] } == ["900", "903"])
        #expect(answer.first?.hasSuffix("ann :You are now logged in as ann") == true)
        await client.send("CAP END")
        #expect(client.client.host == "ann.user")
        #expect(client.all("221") == [":irc.test 221 ann +r"])
    }

    @Test func wrongPasswordsCountAndEndTheConnection() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "other")
        let client = test.connect()
        for _ in 0..<3 { await client.send("AUTHENTICATE PLAIN", Self.plain) }
        #expect(client.all("904").count == 3)
        #expect(client.isClosed)
        #expect(client.last?.contains("Too many SASL failures") == true)
    }

    @Test func mistakesHaveTheirNumerics() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("NICK ann", "USER a 0 * :A")
        #expect(await client.ask("AUTHENTICATE NONSENSE").map { $0.split(separator: " ")[1] } == ["908", "904"])
        await client.send("AUTHENTICATE PLAIN")
        #expect(await client.ask("AUTHENTICATE *") == [":irc.test 906 ann :SASL authentication aborted"])
        await client.send("AUTHENTICATE PLAIN")
        #expect(await client.ask("AUTHENTICATE !!!").first?.contains(" 904 ") == true)
        #expect(await client.ask("AUTHENTICATE +").isEmpty)
    }

    @Test func theEndOfTheNegotiationAborts() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP REQ :sasl", "NICK ann", "USER a 0 * :A", "AUTHENTICATE PLAIN")
        let answer = await client.ask("CAP END")
        #expect(answer.first == ":irc.test 906 ann :SASL authentication aborted")
        #expect(answer.dropFirst().first?.contains(" 001 ") == true)
    }

    @Test func withoutANegotiationNothingWaits() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("AUTHENTICATE PLAIN", "NICK ann", "USER a 0 * :A")
        #expect(client.all("001").count == 1)
    }

    @Test func itMayBeRepeatedAfterRegistration() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let ann = await test.join("ann")
        for _ in 0..<2 {
            await ann.send("AUTHENTICATE PLAIN")
            #expect(await ann.ask(Self.plain).map { $0.split(separator: " ")[1] } == ["900", "903"])
        }
    }

    @Test func linesWaitBehindALogin() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let client = test.connect()
        client.sendAtOnce(["CAP REQ :sasl", "NICK ann", "USER a 0 * :A", "AUTHENTICATE PLAIN", Self.plain, "CAP END", "JOIN #c"])
        #expect(client.all("001").isEmpty)
        await test.settle()
        let order = client.lines.compactMap { line in ["900", "903", "001", "JOIN"].first { line.contains(" \($0) ") } }
        #expect(order == ["900", "903", "001", "JOIN"])
    }

    @Test func aWebTokenLogsInOnce() async throws {
        let test = try await TestWorld()
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let token = test.webTokens.mint(did: did, handle: Handle("alice.example.com"))
        func logIn() async -> [String] {
            let client = test.connect()
            await client.send("NICK al\(Int.random(in: 0..<9999))", "AUTHENTICATE atproto-challenge")
            let challenge = Base64URL.decode(client.last?.dropFirst(13) ?? "") ?? Data()
            #expect(String(decoding: challenge, as: UTF8.self).hasPrefix(#"{"session_id":""#))
            let response = #"{"did":"","method":"web-token","signature":"\#(token)"}"#
            await client.send("AUTHENTICATE " + Base64URL.encode(Data(response.utf8)))
            return client.lines
        }
        #expect(await logIn().contains { $0.hasSuffix("You are now logged in as \(did)") })
        #expect(await logIn().last?.contains(" 904 ") == true)
    }

    @Test func aKeySignsTheChallenge() async throws {
        let test = try await TestWorld()
        let key = Curve25519.Signing.PrivateKey()
        let text = PublicKey.ed25519(key.publicKey.rawRepresentation).multibase
        let did = try #require(DID("did:key:" + text))
        let method = ##"{"id":"#k","controller":"\##(did)","publicKeyMultibase":"\##(text)"}"##
        let json = ##"{"id":"\##(did)","verificationMethod":[\##(method)],"authentication":["#k"]}"##
        let document = try DIDDocument(json: Data(json.utf8), expecting: did)
        test.identities.documents[did] = document
        let client = test.connect()
        await client.send("NICK bot", "AUTHENTICATE ATPROTO-CHALLENGE")
        let challenge = try #require(Base64URL.decode(client.last?.dropFirst(13) ?? ""))
        let signature = Base64URL.encode(try key.signature(for: challenge))
        await client.send("AUTHENTICATE " + Base64URL.encode(Data(#"{"did":"\#(did)","signature":"\#(signature)"}"#.utf8)))
        #expect(client.all("903").count == 1)
    }

    @Test func peersLearnOfALoginAfterTheGreeting() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let ann = await test.join("ann")
        let bob = await test.join("bob", capabilities: "account-notify chghost")
        await ann.send("JOIN #c")
        await bob.send("JOIN #c")
        let before = ann.client.source
        bob.clear()
        await ann.send("AUTHENTICATE PLAIN", Self.plain)
        #expect(bob.lines == [":\(before) CHGHOST ~ann ann.user", ":ann!~ann@ann.user ACCOUNT ann"])
    }
}
