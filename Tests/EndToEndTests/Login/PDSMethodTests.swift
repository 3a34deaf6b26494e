import ATProto
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import RoostTesting
import Testing

/// The built executable takes access tokens of a PDS, where it is told to, and tells nobody of them.
@Suite(.serialized) struct PDSMethodTests {
    private struct Opening: Decodable {
        var nonce: String
    }

    private func connect(to roost: RunningRoost) async throws -> (client: TestIRCClient, challenge: String) {
        let client = try await TestIRCClient.connect(port: roost.tlsPort, .tls())
        try await client.send("CAP REQ :sasl")
        try await client.send("NICK alice")
        try await client.send("USER u 0 * :u")
        try await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        return (client, try await client.next(containing: "AUTHENTICATE ey"))
    }

    /// Sends a response in pieces, and returns what ends the exchange or takes it further.
    private func answer(
        _ client: TestIRCClient, to challenge: String, _ members: [String: String]
    ) async throws -> String {
        let opening = try #require(Base64URL.decode(challenge.split(separator: " ").last ?? ""))
        let nonce = try JSONDecoder().decode(Opening.self, from: opening).nonce
        let all = members.merging(["challenge_nonce": nonce]) { $1 }
        var rest = Base64URL.encode(try JSONEncoder().encode(all))[...]
        while rest.count >= 400 {
            try await client.send("AUTHENTICATE \(rest.prefix(400))")
            rest = rest.dropFirst(400)
        }
        try await client.send("AUTHENTICATE \(rest.isEmpty ? "+" : rest)")
        return try await client.next("the end of the exchange") { line in
            [" 903 ", " 904 ", " :DPOP_NONCE "].contains { line.contains($0) }
        }
    }

    private func withRoost(
        plc: String, nameServer: String, _ identity: String = "pds_methods = true", _ body: (RunningRoost) async throws -> Void
    ) async throws {
        try await withTestDirectory { directory in
            let roost = try await RunningRoost.start(in: directory, plc: plc, nameServer: nameServer, identity: identity)
            try await withTestProcess(roost.process) { _ in try await body(roost) }
        }
    }

    private func expectSilence(_ roost: RunningRoost, about secrets: String...) {
        let log = roost.process.standardError.text + roost.process.standardOutput.text
        #expect(log.contains("identity.pds_methods: "))
        for secret in secrets { #expect(!secret.isEmpty && !log.contains(secret)) }
    }

    @Test func aBoundTokenLogsInOnceTheNonceIsKnown() async throws {
        try await withVisitor { peer, alice, visitor in
            let token = try await visitor.signIn("alice.test").access
            let url = peer.origins.pds + "/xrpc/com.atproto.server.getSession"
            visitor.nonces = [:]
            let start = visitor
            try await withRoost(plc: peer.origins.plc, nameServer: peer.nameServer) { roost in
                var visitor = start
                func members() throws -> [String: String] {
                    [
                        "did": alice.did, "method": "pds-oauth", "signature": token, "pds_url": peer.origins.pds,
                        "dpop_proof": try visitor.proof("GET", url, accessToken: token),
                    ]
                }
                let (client, challenge) = try await connect(to: roost)
                let asks = try await answer(client, to: challenge, members())
                try #require(asks.contains(" NOTICE alice :DPOP_NONCE "))
                visitor.nonces[peer.origins.pds] = String(asks.split(separator: " ").last ?? "")
                let used = try members()
                #expect(try await answer(client, to: client.next(containing: "AUTHENTICATE ey"), used).contains(" 903 "))
                // The PDS takes a proof once.
                try await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
                #expect(try await answer(client, to: client.next(containing: "AUTHENTICATE ey"), used).contains(" 904 "))
                // A bound token is nothing without its key.
                try await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
                let bare = used.merging(["method": "pds-session"]) { $1 }
                #expect(try await answer(client, to: client.next(containing: "AUTHENTICATE ey"), bare).contains(" 904 "))
                expectSilence(roost, about: token, used["dpop_proof"] ?? "")
            }
        }
    }

    @Test func unlessItIsToldSoItTakesNone() async throws {
        try await withATProtoPeer { peer in
            let alice = peer.addAccount("alice.test")
            let token = peer.openPasswordSession(of: alice.did)
            let members = ["did": alice.did, "method": "pds-session", "signature": token, "pds_url": peer.origins.pds]
            try await withRoost(plc: peer.origins.plc, nameServer: peer.nameServer, "") { roost in
                let (client, challenge) = try await connect(to: roost)
                #expect(try await answer(client, to: challenge, members).contains("this server takes no tokens of a PDS"))
            }
            #expect(peer.counters.requests[.getSession] == nil)
            try await withRoost(plc: peer.origins.plc, nameServer: peer.nameServer) { roost in
                let (client, challenge) = try await connect(to: roost)
                #expect(try await answer(client, to: challenge, members).contains(" 903 "))
                try await client.send("CAP END")
                _ = try await client.next(containing: " 001 ")
                try await client.send("WHOIS alice")
                #expect(try await client.next(containing: " 330 ").contains(alice.did))
                expectSilence(roost, about: token)
            }
        }
    }

    private struct Account: Decodable {
        var did: String
    }

    private struct Minted: Decodable {
        var accessJwt: String
    }

    @Test(.enabled(if: SecondPeer.isThere)) func aSecondPeerKnowsItsTokens() async throws {
        let peer = try await SecondPeer.start()
        let browser = HTTPClient(eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton))
        do {
            try await withTestProcess(peer.process) { _ in
                try await withRoost(plc: peer.plc, nameServer: peer.dns) { roost in
                    let list = try await peer.control("/accounts", browser: browser)
                    let did = try #require(try JSONDecoder().decode([Account].self, from: Data(list.utf8)).first?.did)
                    let text = try await peer.control("/mint/session", #"{"account":"alice.test"}"#, browser: browser)
                    let minted = try JSONDecoder().decode(Minted.self, from: Data(text.utf8))
                    let members = ["did": did, "method": "pds-session", "signature": minted.accessJwt, "pds_url": peer.pds + "/"]
                    let (client, challenge) = try await connect(to: roost)
                    #expect(try await answer(client, to: challenge, members).contains(" 903 "))
                    let changes = [("signature", minted.accessJwt + "x"), ("pds_url", "http://127.0.0.1:1"), ("method", "pds-oauth")]
                    for (name, value) in changes {
                        let (other, challenge) = try await connect(to: roost)
                        let wrong = members.merging([name: value, "dpop_proof": "a.b.c"]) { $1 }
                        #expect(try await answer(other, to: challenge, wrong).contains(" 904 "), "\(name)")
                    }
                    for (status, reason) in [("deactivated", "not active"), ("takendown", "authentication failed")] {
                        _ = try await peer.control("/accounts/\(did)", #"{"status":"\#(status)"}"#, browser: browser)
                        let (other, challenge) = try await connect(to: roost)
                        let end = try await answer(other, to: challenge, members)
                        #expect(end.contains(" 904 ") && end.contains(reason), "\(status)")
                    }
                    expectSilence(roost, about: minted.accessJwt)
                }
            }
            try await browser.shutdown()
        } catch {
            try? await browser.shutdown()
            throw error
        }
    }
}
