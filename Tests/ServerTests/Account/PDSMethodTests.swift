import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Server

/// The nonce in a challenge of ATPROTO-CHALLENGE.
func challengeNonce(_ challenge: String) throws -> String {
    struct Opening: Decodable {
        var nonce: String
    }
    return try JSONDecoder().decode(Opening.self, from: try #require(Base64URL.decode(challenge))).nonce
}

/// Logins with access tokens of the person's own server.
@LoopActor @Suite struct PDSMethodTests {
    private static let did = "did:plc:abcdefghijklmnopqrstuvwx"
    private static let token = "at-secret-token"

    private let log = EventLog()

    private func world(_ isOn: Bool = true) async throws -> TestWorld {
        let test = try await TestWorld(logger: log.logger) { $0.accounts.pdsMethods = isOn }
        let did = try #require(DID(Self.did))
        test.identities.documents[did] = try PersonalServer(issuer: Self.did).document
        test.pds.tokens[Self.token] = did
        return test
    }

    /// What the server says to a response to its newest challenge.
    private func answer(_ client: TestClient, _ method: String, proof: String = "proof-", pds: String = PersonalServer.origin) async throws
        -> [String]
    {
        let challenge = String(client.last?.dropFirst("AUTHENTICATE ".count) ?? "")
        let members = [
            "did": Self.did, "method": method, "signature": Self.token, "pds_url": pds, "challenge_nonce": try challengeNonce(challenge),
            "dpop_proof": proof,
        ]
        let text = Base64URL.encode(try JSONEncoder().encode(members))
        let lines = await client.ask("AUTHENTICATE " + text)
        #expect(!log.text.contains(Self.token) && !log.text.contains(text))
        return lines
    }

    private func numerics(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] }.filter { $0 != "NOTICE" } }

    @Test func theyAreOffUnlessTheOperatorWantsThem() async throws {
        let test = try await world(false)
        for method in ["pds-session", "pds-oauth"] {
            let client = test.connect()
            await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
            #expect(try await answer(client, method) == [":irc.test 904 * :\(SASLFailure.methodRefused.text)"])
        }
        #expect(test.pds.requests.isEmpty)
        var configuration = test.world.configuration
        configuration.accounts.pdsMethods = true
        test.world.reconfigure(configuration)
        let client = test.connect()
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        #expect(try await numerics(answer(client, "pds-session")) == ["900", "903"])
        #expect(client.client.identity?.did?.text == Self.did)
        #expect(try #require(client.session).proof == .identity)
    }

    @Test func aTokenIsNotTakenWhereItCanBeReadOnTheWay() async throws {
        let test = try await world()
        let client = test.connect(secure: false)
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        #expect(try await answer(client, "pds-session") == [":irc.test 904 * :\(SASLFailure.insecure.text)"])
        #expect(test.pds.requests.isEmpty)
    }

    @Test func aClientLearnsTheNonce() async throws {
        let test = try await world()
        test.pds.nonce = "n1"
        let client = test.connect()
        await client.send("CAP LS 302", "NICK alice", "USER a 0 * :A", "AUTHENTICATE ATPROTO-CHALLENGE")
        let first = client.last
        let lines = try await answer(client, "pds-oauth")
        #expect(lines.count == 2 && lines.first == ":irc.test NOTICE alice :DPOP_NONCE n1")
        #expect(lines.last?.hasPrefix("AUTHENTICATE ey") == true && lines.last != first)
        #expect(try await numerics(answer(client, "pds-oauth", proof: "proof-n1")) == ["900", "903"])
        #expect(test.pds.requests.allSatisfy { $0.url.hasPrefix(PersonalServer.origin + "/xrpc/") })
        #expect(await client.ask("AUTHENTICATE +").isEmpty)
    }

    @Test func aPDSIsNotAskedForEver() async throws {
        let test = try await world()
        (test.pds.nonce, test.pds.isNeverContent) = ("n", true)
        let client = test.connect()
        for round in 1...3 {
            await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
            for _ in 0..<3 { #expect(try await answer(client, "pds-oauth").first?.contains("NOTICE * :DPOP_NONCE n") == true) }
            #expect(try await answer(client, "pds-oauth").first?.contains(" 904 ") == true)
            #expect(test.pds.requests.count == 4 * round)
        }
        #expect(client.isClosed)
    }

    @Test func itCanBeLeftInTheMiddle() async throws {
        let test = try await world()
        test.pds.nonce = "n1"
        let client = test.connect()
        await client.send("CAP LS 302", "NICK alice", "USER a 0 * :A", "AUTHENTICATE ATPROTO-CHALLENGE")
        _ = try await answer(client, "pds-oauth")
        #expect(await numerics(client.ask("AUTHENTICATE *")) == ["906"])
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        _ = try await answer(client, "pds-oauth")
        #expect(await numerics(client.ask("CAP END")).prefix(2) == ["906", "001"])
    }

    @Test func anAddressHasSoManyLookUps() async throws {
        let test = try await world()
        for _ in 0..<30 {
            let client = test.connect()
            await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
            #expect(try await numerics(answer(client, "pds-session")) == ["900", "903"])
        }
        let (client, other) = (test.connect(), test.connect(from: "198.51.100.7"))
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        #expect(try await answer(client, "pds-session") == [":irc.test 904 * :\(SASLFailure.throttled.text)"])
        await other.send("AUTHENTICATE ATPROTO-CHALLENGE")
        #expect(try await numerics(answer(other, "pds-session")) == ["900", "903"])
        #expect(test.pds.requests.filter { $0.url.contains("getSession") }.count == 31)
    }

    @Test func anotherPlaceIsNotAsked() async throws {
        let test = try await world()
        let client = test.connect()
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        #expect(
            try await answer(client, "pds-session", pds: "https://evil.example.com")
                == [":irc.test 904 * :\(SASLFailure.otherPDS.text)"])
        #expect(test.pds.requests.isEmpty)
    }
}
