import ATProto
import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOPosix
import RoostTesting
import Testing

/// The built executable reads a token of a person's own server: its name comes from its own DID document, the key of the person
/// from the directory.
@Suite(.serialized) struct ServiceAuthTests {
    private struct Header: Encodable {
        var alg = "ES256"
        var typ = "JWT"
        var kid = "#atproto"
    }

    private struct Claims: Encodable {
        var iss: String
        var aud: String
        var lxm = "chat.roost.authenticate"
        var exp: Int64
        var iat: Int64
        var jti = RandomToken.make(bytes: 16)
    }

    private struct Document: Decodable {
        struct Service: Decodable {
            var id: String
        }
        var id: String
        var service: [Service]
    }

    /// What a client says with IRCV3BEARER.
    private func message(from account: PeerAccount, to audience: String) throws -> String {
        guard case .p256(let key) = account.signingKey else { throw CancellationError() }
        let now = Int64(Date().timeIntervalSince1970)
        let claims = Claims(iss: account.did, aud: audience, exp: now + 60, iat: now)
        let token = try ES256.sign(header: Header(), claims: claims, with: key)
        return Data("\0jwt\0\(token)".utf8).base64EncodedString()
    }

    private func ask(_ client: TestIRCClient, _ message: String) async throws -> String {
        try await client.send("AUTHENTICATE IRCV3BEARER")
        _ = try await client.next(containing: "AUTHENTICATE +")
        var rest = message[...]
        while rest.count >= 400 {
            try await client.send("AUTHENTICATE \(rest.prefix(400))")
            rest = rest.dropFirst(400)
        }
        try await client.send("AUTHENTICATE \(rest.isEmpty ? "+" : rest)")
        return try await client.next("the end of the exchange") { $0.contains(" 903 ") || $0.contains(" 904 ") }
    }

    @Test func aTokenLogsInOnceAndForItsAudienceOnly() async throws {
        try await withATProtoPeer { peer in
            try await withTestDirectory { directory in
                let roost = try await RunningRoost.start(
                    in: directory, plc: peer.origins.plc, nameServer: peer.nameServer, publicURL: "https://irc.example.com")
                try await withTestProcess(roost.process) { _ in
                    let alice = peer.addAccount("alice.test")
                    let browser = HTTPClient(eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton))
                    let body = try await browser.get(url: roost.origin + "/.well-known/did.json").get().body
                    try await browser.shutdown()
                    let document = try JSONDecoder().decode(Document.self, from: Data(try #require(body).readableBytesView))
                    #expect(document.id == "did:web:irc.example.com" && document.service.map(\.id) == ["#roost_irc"])

                    let client = try await TestIRCClient.connect(port: roost.tlsPort, .tls())
                    try await client.send("CAP REQ :sasl")
                    try await client.send("NICK alice")
                    try await client.send("USER u 0 * :u")
                    let wrong = try message(from: alice, to: "did:web:other.example.com#roost_irc")
                    #expect(try await ask(client, wrong).contains(" 904 "))
                    let token = try message(from: alice, to: document.id + "#roost_irc")
                    #expect(try await ask(client, token).contains(" 903 "))
                    try await client.send("CAP END")
                    _ = try await client.next(containing: " 001 ")
                    #expect(try await ask(client, token).contains(" 904 "))
                    try await client.send("WHOIS alice")
                    #expect(try await client.next(containing: " 330 ").contains(alice.did))
                }
            }
        }
    }
}
