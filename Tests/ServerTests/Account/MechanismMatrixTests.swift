import ATProto
import Accounts
import Crypto
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Every mechanism, with everything that can be wrong about a response, before and after registration: the exact numerics, and no
/// secret in the log.
@LoopActor @Suite struct MechanismMatrixTests {
    enum Way: String, CaseIterable, Sendable {
        case localPassword, scram, devicePassword, certificate, key, webToken
        /// A token of the person's own server, over each mechanism that takes it; and one of the broker over those that take both.
        case serviceToken, bearerService, bearerWeb, oauthService, oauthWeb
        /// An access token of the person's own server, and one that is bound to a key.
        case pdsSession, pdsOAuth

        var isOnce: Bool {
            switch self {
            case .localPassword, .devicePassword, .certificate: false
            default: true
            }
        }

        /// Whether the client has to acknowledge a refusal before it is told (RFC 7628 section 3.2.2).
        var isOAuth: Bool { self == .oauthService || self == .oauthWeb }
    }

    enum Case: String, CaseIterable, Sendable {
        case right, wrong, replayed, expired, truncated, notBase64, oversized, aborted, otherMechanism
        /// In pieces of 400 characters, where it is as long as that.
        case inPieces
        /// As one line.
        case inOneLine
    }

    private static let fingerprint = String(repeating: "ab", count: 32)
    private static let did = "did:plc:abcdefghijklmnopqrstuvwx"

    private static let accessToken = "at-" + String(repeating: "t", count: 200)

    private let test: TestWorld
    private let log = EventLog()
    private let devicePassword: String
    private let key = Curve25519.Signing.PrivateKey()
    private let server = try? PersonalServer(issuer: Self.did)

    init() async throws {
        test = try await TestWorld(service: PersonalServer.service, logger: log.logger) {
            $0.accounts.scram = true
            $0.accounts.pdsMethods = true
        }
        test.pds.tokens[Self.accessToken] = DID(Self.did)
        test.identities.documents[try #require(DID(Self.did))] = try #require(server).document
        // So long that a response needs two pieces.
        try await test.addAccount("ann", password: Self.localPassword)
        let made = try await DevicePasswords(accounts: test.accounts, hasher: test.hasher).make(
            DevicePasswordOrder(name: "phone", days: "1"), account: "ann", now: test.clock.wallMilliseconds)
        guard case .made(let password) = made else { throw CancellationError() }
        devicePassword = password.text
        _ = try await test.accounts.add(certificate: Self.fingerprint, toAccount: "ann", limit: 10, now: 0)
        let text = PublicKey.ed25519(key.publicKey.rawRepresentation).multibase
        let did = try #require(DID("did:key:" + text))
        let method = ##"{"id":"#k","controller":"\##(did)","publicKeyMultibase":"\##(text)"}"##
        let json = ##"{"id":"\##(did)","verificationMethod":[\##(method)],"authentication":["#k"]}"##
        test.identities.documents[did] = try DIDDocument(json: Data(json.utf8), expecting: did)
    }

    private static let localPassword = "secret-" + String(repeating: "x", count: 400)

    private func connect() -> TestClient {
        var peer = Peer(address: "192.0.2.1", port: 1, isSecure: true, transport: .tls)
        peer.certificateFingerprint = Self.fingerprint
        return TestClient(in: test, peer: peer)
    }

    private static func mechanism(_ way: Way) -> String {
        switch way {
        case .localPassword, .devicePassword: "PLAIN"
        case .scram: "SCRAM-SHA-256"
        case .certificate: "EXTERNAL"
        case .key, .webToken, .serviceToken, .pdsSession, .pdsOAuth: "ATPROTO-CHALLENGE"
        case .bearerService, .bearerWeb: "IRCV3BEARER"
        case .oauthService, .oauthWeb: "OAUTHBEARER"
        }
    }

    /// A response, and the secret in it.
    private func response(_ way: Way, to opening: String, isRight: Bool) throws -> (text: String, secret: String) {
        func plain(_ password: String) -> (String, String) { (Data("\0ann\0\(password)".utf8).base64EncodedString(), password) }
        func answer(_ did: String, _ method: String, _ secret: String) -> (String, String) {
            let padding = String(repeating: " ", count: 400)
            let json = #"{"did":"\#(did)","method":"\#(method)","signature":"\#(secret)"\#(padding)}"#
            return (Base64URL.encode(Data(json.utf8)), secret)
        }
        switch way {
        case .localPassword: return plain(isRight ? Self.localPassword : Self.localPassword + "y")
        case .scram:
            var client = Self.scramClient
            if !isRight { client.password += "y" }
            client.extensions = ",x=" + String(repeating: "x", count: 400)
            let challenge = String(decoding: try #require(Data(base64Encoded: opening)), as: UTF8.self)
            let final = try #require(client.final(challenge))
            return (Data(final.message.utf8).base64EncodedString(), client.password)
        case .devicePassword:
            return plain(
                isRight ? devicePassword : String(devicePassword.dropLast(4)) + (devicePassword.hasSuffix("aaaa") ? "bbbb" : "aaaa"))
        case .certificate: return (Data((isRight ? "ann" : "bob").utf8).base64EncodedString(), "no secret here")
        case .key:
            let signed = isRight ? try #require(Base64URL.decode(opening[...])) : Data("another challenge".utf8)
            let did = "did:key:" + PublicKey.ed25519(key.publicKey.rawRepresentation).multibase
            return answer(did, "crypto", Base64URL.encode(try key.signature(for: signed)))
        case .webToken: return answer("", "web-token", try webToken(isRight))
        case .pdsSession, .pdsOAuth:
            let token = isRight ? Self.accessToken : String(Self.accessToken.reversed())
            let method = way == .pdsSession ? "pds-session" : "pds-oauth"
            let nonce = opening.isEmpty ? "" : try challengeNonce(opening)
            let members = [
                "did": Self.did, "method": method, "signature": token, "pds_url": PersonalServer.origin, "challenge_nonce": nonce,
                "dpop_proof": "proof",
            ]
            return (Base64URL.encode(try JSONEncoder().encode(members)), token)
        case .serviceToken: return answer(Self.did, "service-auth", try serviceToken(isRight))
        case .bearerService: return bearer("\0jwt\0", try serviceToken(isRight))
        case .bearerWeb: return bearer("\0oauth2\0", try webToken(isRight))
        case .oauthService: return bearer("n,,\u{1}port=6697\u{1}auth=Bearer ", try serviceToken(isRight), "\u{1}\u{1}")
        case .oauthWeb: return bearer("n,a=\(Self.did),\u{1}auth=Bearer ", try webToken(isRight), "\u{1}\u{1}")
        }
    }

    private static var scramClient: ScramClient { ScramClient(name: "ann", password: localPassword) }

    private func bearer(_ before: String, _ token: String, _ after: String = "") -> (text: String, secret: String) {
        (Data((before + token + after).utf8).base64EncodedString(), token)
    }

    private func webToken(_ isRight: Bool) throws -> String {
        let token = test.webTokens.mint(did: try #require(DID(Self.did)), handle: nil)
        return isRight ? token : String(token.reversed())
    }

    private func serviceToken(_ isRight: Bool) throws -> String {
        let server = try isRight ? #require(server) : PersonalServer(issuer: Self.did)
        return try server.token(at: test.clock.wallMilliseconds)
    }

    /// Sends AUTHENTICATE lines and returns the numerics of SASL that come back.
    private func numerics(_ client: TestClient, _ pieces: [String]) async -> [String] {
        client.clear()
        for piece in pieces { await client.send("AUTHENTICATE \(piece)") }
        // The server-final-message of SCRAM is acknowledged.
        if client.last?.hasPrefix("AUTHENTICATE dj") == true { await client.send("AUTHENTICATE +") }
        return client.lines.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }.filter { $0.hasPrefix("90") }
    }

    /// The same for a response that is not taken: OAUTHBEARER tells so only when its own answer was acknowledged.
    private func refused(_ client: TestClient, _ way: Way, _ pieces: [String]) async -> [String] {
        guard way.isOAuth else { return await numerics(client, pieces) }
        #expect(await numerics(client, pieces).isEmpty)
        #expect(client.last?.hasPrefix("AUTHENTICATE ey") == true)
        return await numerics(client, ["AQ=="])
    }

    private func begin(_ client: TestClient, _ way: Way) async -> String {
        await client.send("AUTHENTICATE \(Self.mechanism(way))")
        if way == .scram { await client.send("AUTHENTICATE \(Data(Self.scramClient.first.utf8).base64EncodedString())") }
        return String(client.last?.dropFirst("AUTHENTICATE ".count) ?? "")
    }

    private static func pieces(_ text: String) -> [String] {
        var rest = text[...]
        var pieces: [String] = []
        while rest.count >= 400 {
            pieces.append(String(rest.prefix(400)))
            rest = rest.dropFirst(400)
        }
        return pieces + [rest.isEmpty ? "+" : String(rest)]
    }

    @Test(arguments: Way.allCases, Case.allCases)
    func itHasItsNumerics(_ way: Way, _ kind: Case) async throws {
        for isRegistered in [false, true] {
            let client = connect()
            await client.send("CAP REQ :sasl", "NICK guest\(isRegistered ? 1 : 2)", "USER a 0 * :A")
            if isRegistered { await client.send("CAP END") }
            let opening = await begin(client, way)
            let (text, secret) = try response(way, to: opening, isRight: kind != .wrong)
            let pieces = Self.pieces(text)
            var expected = ["904"]
            var answer: [String]
            switch kind {
            case .right, .inPieces:
                answer = await numerics(client, pieces)
                expected = ["900", "903"]
            case .inOneLine:
                answer = await numerics(client, [text])
                // A line has 512 bytes, whatever is in it.
                let isTooLong = text.utf8.count > 498
                #expect(client.all("417").count == (isTooLong ? 1 : 0))
                expected = isTooLong ? [] : ["900", "903"]
            case .wrong: answer = await refused(client, way, pieces)
            case .replayed:
                #expect(await numerics(client, pieces) == ["900", "903"])
                _ = await begin(client, way)
                // Passwords and certificates are good again; tokens and signatures are not.
                answer = way.isOnce ? await refused(client, way, pieces) : await numerics(client, pieces)
                if !way.isOnce { expected = ["900", "903"] }
            case .expired:
                test.clock.advance(by: .seconds(2 * 86_400))
                answer = await refused(client, way, pieces)
                if way == .localPassword || way == .scram || way == .certificate { expected = ["900", "903"] }
            case .truncated: answer = await numerics(client, Self.pieces(String(text.dropLast(way == .certificate ? 1 : 8))))
            case .notBase64: answer = await numerics(client, ["!!!"])
            case .oversized:
                answer = await numerics(client, Array(repeating: String(repeating: "A", count: 400), count: 82))
                expected = ["905"]
            case .aborted:
                answer = await numerics(client, [String(repeating: "A", count: 400), "*"])
                expected = ["906"]
            case .otherMechanism:
                answer = await numerics(client, ["PLAIN", "*"])
                expected = ["906"]
            }
            #expect(answer == expected, "\(way) \(kind) \(isRegistered)")
            #expect(!log.text.contains(secret) && !log.text.contains(text))
            client.disconnect()
            await test.settle()
        }
    }
}
