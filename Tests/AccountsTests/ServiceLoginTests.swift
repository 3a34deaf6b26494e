import ATProto
import Accounts
import Crypto
import Foundation
import MainLoop
import RoostTesting
import Testing

/// What attackers do with tokens, and that nobody is asked about a token whose text is wrong already.
@LoopActor @Suite struct ServiceLoginTests {
    private static let header: [String: any Sendable] = ["alg": "ES256", "typ": "JWT", "kid": "#atproto"]
    private static let issuer = "did:plc:abcdefghijklmnopqrstuvwx"
    private static let claims: [String: any Sendable] = [
        "iss": issuer, "aud": "did:web:irc.example.com#roost_irc", "lxm": "chat.roost.authenticate", "exp": 1_767_225_660,
        "iat": 1_767_225_600, "jti": "0123",
    ]

    private let clock = VirtualClock()
    private let key = P256.Signing.PrivateKey()
    private let directory = CountingDirectory()
    private let login: ServiceLogin

    init() throws {
        let origin = try #require(Origin("https://irc.example.com"))
        let service = try #require(ServiceIdentity(publicURL: origin, method: "chat.roost.authenticate"))
        login = ServiceLogin(
            service: service, resolver: directory, lookups: LoginThrottle(clock: clock, burst: 5, recovery: .seconds(4)), clock: clock)
        directory.key = key.publicKey
    }

    private func part(_ object: [String: any Sendable]) throws -> String {
        Base64URL.encode(try JSONSerialization.data(withJSONObject: object))
    }

    private func sign(_ signed: String, with other: P256.Signing.PrivateKey? = nil) throws -> String {
        signed + "." + Base64URL.encode(try (other ?? key).signature(for: Data(signed.utf8)).rawRepresentation)
    }

    private func token(
        header: [String: any Sendable] = [:], claims: [String: any Sendable] = [:], without: Set<String> = [],
        with other: P256.Signing.PrivateKey? = nil
    ) throws -> String {
        let header = Self.header.merging(header) { $1 }.filter { !without.contains($0.key) }
        let claims = Self.claims.merging(claims) { $1 }.filter { !without.contains($0.key) }
        return try sign(part(header) + "." + part(claims), with: other)
    }

    private func check(_ token: String, from address: String = "x") async -> Result<DID, SASLFailure> {
        do throws(SASLFailure) { return .success(try await login.check(token, from: address)) } catch { return .failure(error) }
    }

    private func expectRefusedUnseen(_ token: String, _ comment: String) async {
        #expect(await check(token) == .failure(.rejected), "\(comment)")
        #expect(directory.asked.isEmpty, "\(comment)")
    }

    @Test func aGoodTokenNamesItsIssuerOnce() async throws {
        let token = try token()
        #expect(await check(token) == .success(try #require(DID(Self.issuer))))
        #expect(directory.asked == [false])
        #expect(await check(token) == .failure(.rejected))
        // The same token under another signature is the same token.
        #expect(await check(try self.token()) == .failure(.rejected))
        #expect(directory.asked == [false])
    }

    @Test func headersThatAreRefusedUnseen() async throws {
        let changes: [(String, [String: any Sendable])] = [
            ("alg none", ["alg": "none"]), ("alg None", ["alg": "None"]), ("HS256", ["alg": "HS256"]), ("RS256", ["alg": "RS256"]),
            ("es256", ["alg": "es256"]), ("alg number", ["alg": 1]), ("crit", ["crit": ["exp"]]),
            ("empty crit", ["crit": [String]()]), ("at+jwt", ["typ": "at+jwt"]), ("refresh+jwt", ["typ": "refresh+jwt"]),
            ("dpop+jwt", ["typ": "dpop+jwt"]), ("typ number", ["typ": 7]), ("kid", ["kid": "#other"]), ("kid number", ["kid": 1]),
            ("huge", ["x": String(repeating: "a", count: 5000)]),
        ]
        await expectRefusedUnseen(try token(without: ["alg"]), "no alg")
        for (comment, header) in changes { await expectRefusedUnseen(try token(header: header), comment) }
    }

    @Test func claimsThatAreRefusedUnseen() async throws {
        let now: Int64 = 1_767_225_600
        for name in Self.claims.keys { await expectRefusedUnseen(try token(without: [name]), "no \(name)") }
        let changes: [(String, [String: any Sendable])] = [
            ("wrong aud", ["aud": "did:web:other.example.com#roost_irc"]), ("bare aud", ["aud": "did:web:irc.example.com"]),
            ("aud list", ["aud": ["did:web:irc.example.com#roost_irc"]]), ("other service", ["aud": "did:web:irc.example.com#x"]),
            ("wrong lxm", ["lxm": "com.atproto.server.createAccount"]), ("lxm list", ["lxm": ["chat.roost.authenticate"]]),
            ("expired", ["exp": now]), ("far exp", ["exp": now + 301]), ("exp text", ["exp": "\(now + 60)"]), ("huge exp", ["exp": 1e300]),
            ("negative exp", ["exp": Int64.min]), ("largest exp", ["exp": Int64.max]), ("early iat", ["iat": now + 61]),
            ("old iat", ["iat": now - 301]), ("least iat", ["iat": Int64.min]), ("iat text", ["iat": "\(now)"]), ("empty jti", ["jti": ""]),
            ("long jti", ["jti": String(repeating: "a", count: 129)]), ("jti number", ["jti": 5]),
            ("fragment", ["iss": Self.issuer + "#atproto"]),
            ("did:key", ["iss": "did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"]),
            ("other method", ["iss": "did:ethr:0x1"]), ("path", ["iss": "did:web:example.com:users:a"]),
            ("handle", ["iss": "a.example.com"]),
            ("iss number", ["iss": 1]),
        ]
        for (comment, claims) in changes { await expectRefusedUnseen(try token(claims: claims), comment) }
    }

    @Test func formsThatAreRefusedUnseen() async throws {
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let claims = String(decoding: try #require(Base64URL.decode(parts[1])), as: UTF8.self)
        let header = #"{"alg":"ES256"}"#
        func raw(_ header: String, _ claims: String) throws -> String {
            try sign(Base64URL.encode(Data(header.utf8)) + "." + Base64URL.encode(Data(claims.utf8)))
        }
        let der = Base64URL.encode(try key.signature(for: Data("\(parts[0]).\(parts[1])".utf8)).derRepresentation)
        let confused = HMAC<SHA256>.authenticationCode(
            for: Data("\(parts[0]).\(parts[1])".utf8), using: SymmetricKey(data: key.publicKey.compressedRepresentation))
        func confusion() throws -> String {
            let signed = Base64URL.encode(Data(#"{"alg":"HS256"}"#.utf8)) + "." + parts[1]
            let secret = SymmetricKey(data: Data(PublicKey.p256(key.publicKey.compressedRepresentation).multibase.utf8))
            return signed + "." + Base64URL.encode(Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: secret)))
        }
        let forms: [(String, String)] = [
            ("empty", ""), ("two parts", "\(parts[0]).\(parts[1])"), ("no signature", "\(parts[0]).\(parts[1])."),
            ("four parts", good + ".a"),
            ("padding", good + "=="), ("trailing space", good + " "), ("trailing newline", good + "\n"), ("leading space", " " + good),
            ("standard alphabet", "\(parts[0]).\(parts[1]).+/+/"), ("DER", "\(parts[0]).\(parts[1]).\(der)"),
            ("MAC for a signature", "\(parts[0]).\(parts[1])." + Base64URL.encode(Data(confused))),
            ("HS256 with the public key for a secret", try confusion()),
            ("longer signature", good + "AAAA"), ("list header", try raw("[]", claims)), ("list claims", try raw(header, "[]")),
            ("text claims", try raw(header, "\"a\"")), ("bytes behind", try raw(header, claims + "x")),
            ("two objects", try raw(header, claims + "{}")), ("not JSON", try raw(header, "{")),
            ("two iss", try raw(header, #"{"iss":"did:plc:zzzzzzzzzzzzzzzzzzzzzzzz","# + claims.dropFirst())),
            ("two iss, escaped", try raw(header, ##"{"\u0069ss":"did:plc:zzzzzzzzzzzzzzzzzzzzzzzz","## + claims.dropFirst())),
            ("two alg", try raw(#"{"alg":"none","alg":"ES256"}"#, claims)),
            ("not UTF-8", try sign(parts[0] + "." + Base64URL.encode(Data([0xFF])))),
        ]
        for (comment, form) in forms { await expectRefusedUnseen(form, comment) }
    }

    @Test func optionalMembersMayBeAbsent() async throws {
        #expect(try await check(token(without: ["typ", "kid"])).get().text == Self.issuer)
    }

    @Test func theLimitsThemselvesAreTaken() async throws {
        let now: Int64 = 1_767_225_600
        for (index, claims) in [["exp": now + 300], ["exp": now + 1], ["iat": now + 60], ["iat": now - 300]].enumerated() {
            var claims: [String: any Sendable] = claims.mapValues { $0 }
            claims["jti"] = String(repeating: "\(index)", count: 128)
            #expect(try await check(token(claims: claims)).get().text == Self.issuer)
        }
    }

    @Test func aKeyOfSomebodyElseDoesNotSign() async throws {
        #expect(await check(try token(with: P256.Signing.PrivateKey())) == .failure(.rejected))
        // Asked once more without the memory, and no third time.
        #expect(directory.asked == [false, true])
        #expect(await check(try token(header: ["alg": "ES256K"])) == .failure(.rejected))
        // A failure does not use the token up.
        #expect(try await check(token()).get().text == Self.issuer)
    }

    @Test func aKeyOfAnotherAccountDoesNotSign() async throws {
        let (bob, bobsKey) = ("did:plc:bbbbbbbbbbbbbbbbbbbbbbbb", P256.Signing.PrivateKey())
        directory.keys[bob] = bobsKey.publicKey
        #expect(await check(try token(with: bobsKey)) == .failure(.rejected))
        #expect(await check(try token(claims: ["iss": bob])) == .failure(.rejected))
        #expect(try await check(token(claims: ["iss": bob], with: bobsKey)).get().text == bob)
    }

    /// A key that a token brings along, or says where to find, is not looked at, and nothing is fetched for it.
    @Test func aTokenDoesNotBringItsKey() async throws {
        let own = P256.Signing.PrivateKey()
        let raw = own.publicKey.rawRepresentation
        let jwk = ["kty": "EC", "crv": "P-256", "x": Base64URL.encode(raw.prefix(32)), "y": Base64URL.encode(raw.suffix(32))]
        let headers: [[String: any Sendable]] = [
            ["jwk": jwk], ["jku": "https://evil.example.com/keys"], ["x5u": "https://evil.example.com/cert"], ["x5c": ["MIIB"]],
        ]
        for header in headers {
            directory.asked = []
            #expect(await check(try token(header: header, with: own), from: "\(header)") == .failure(.rejected))
            #expect(directory.asked == [false, true])
        }
    }

    /// Numbers that satisfy careless arithmetic.
    @Test func signaturesOfNothingAreRefused() async throws {
        let order = Data([
            0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E,
            0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ])
        let signed = try token().split(separator: ".").prefix(2).joined(separator: ".")
        for signature in [Data(count: 64), order + order, Data(count: 32) + order, Data(repeating: 0xFF, count: 64)] {
            let text = signed + "." + Base64URL.encode(signature)
            #expect(await check(text, from: "\(signature.hashValue)") == .failure(.rejected))
        }
    }

    @Test func aKeyThatChangedIsFound() async throws {
        directory.remembered = P256.Signing.PrivateKey().publicKey
        #expect(try await check(token()).get().text == Self.issuer)
        #expect(directory.asked == [false, true])
    }

    @Test func ofTwoWhoRaceOneWins() async throws {
        let (token, login) = (try token(), login)
        async let first = try? login.check(token, from: "x")
        async let second = try? login.check(token, from: "y")
        let winners = await [first, second].compactMap { $0 }
        #expect(winners.count == 1)
        #expect(directory.asked.count == 2)
    }

    /// What has expired is no longer remembered, so it must not be taken either.
    @Test func aTokenThatExpiresWhileItsIssuerIsLookedUpIsTooLate() async throws {
        let clock = clock
        directory.whileAsked = { clock.advance(by: .seconds(60)) }
        #expect(await check(try token()) == .failure(.rejected))
        directory.whileAsked = { clock.advance(by: .seconds(59)) }
        let now = clock.wallMilliseconds / 1000
        #expect(try await check(token(claims: ["iat": now, "exp": now + 60])).get().text == Self.issuer)
    }

    @Test func failuresOfTheDirectoryAreToldApart() async throws {
        directory.failure = .temporary(reason: "down")
        #expect(await check(try token()) == .failure(.unavailable))
        directory.failure = .tombstoned(Self.issuer)
        #expect(await check(try token()) == .failure(.rejected))
        directory.failure = nil
        #expect(try await check(token()).get().text == Self.issuer)
    }

    @Test func anAddressHasSoManyLookUps() async throws {
        for index in 0..<5 { _ = try await check(token(claims: ["jti": "\(index)"])).get() }
        #expect(await check(try token(claims: ["jti": "x"])) == .failure(.throttled))
        #expect(directory.asked.count == 5)
        #expect(try await check(token(claims: ["jti": "x"]), from: "y").get().text == Self.issuer)
        clock.advance(by: .seconds(5))
        #expect(try await check(token(claims: ["jti": "z"])).get().text == Self.issuer)
    }

    @Test func theMemoryIsBoundedAndForgetsNothingEarly() throws {
        let memory = ServiceTokenMemory(clock: clock, capacity: 3, capacityPerIssuer: 2)
        let origin = try #require(Origin("https://irc.example.com"))
        let service = try #require(ServiceIdentity(publicURL: origin, method: "chat.roost.authenticate"))
        func take(_ issuer: Character, _ id: String) throws -> Bool {
            let seconds = clock.wallMilliseconds / 1000
            let text = try token(
                claims: [
                    "iss": "did:plc:" + String(repeating: issuer, count: 24), "jti": id, "iat": seconds, "exp": seconds + 60,
                ])
            return memory.take(try ServiceToken(text, for: service, now: clock.wallMilliseconds))
        }
        #expect(try take("a", "1") && take("a", "2"))
        #expect(try !take("a", "3") && !take("a", "1"))
        #expect(try take("b", "1"))
        #expect(try !take("c", "1"))
        #expect(memory.count == 3)
        clock.advance(by: .seconds(119))
        #expect(try !take("c", "1"))
        clock.advance(by: .seconds(1))
        #expect(try take("c", "1") && take("a", "1"))
        #expect(memory.count == 2)
    }
}

/// A directory that counts how often it was asked, and notes whether without a memory.
private final class CountingDirectory: IdentityResolving {
    @LoopActor var key: P256.Signing.PublicKey?
    /// What is remembered, when it is another one.
    @LoopActor var remembered: P256.Signing.PublicKey?
    /// Of other accounts.
    @LoopActor var keys: [String: P256.Signing.PublicKey] = [:]
    @LoopActor var failure: IdentityError?
    @LoopActor var asked: [Bool] = []
    /// What happens while it looks.
    @LoopActor var whileAsked: @LoopActor () -> Void = {}

    nonisolated init() {}

    func resolve(handle: Handle) async throws(IdentityError) -> DID { throw .notFound(handle.text) }

    @LoopActor func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        asked.append(fresh)
        await Task.yield()
        whileAsked()
        if let failure { throw failure }
        guard let key = keys[did.text] ?? (fresh ? key : remembered ?? key) else { throw .notFound(did.text) }
        let text = PublicKey.p256(key.compressedRepresentation).multibase
        let method = ##"{"id":"#atproto","type":"Multikey","controller":"\##(did)","publicKeyMultibase":"\##(text)"}"##
        return try DIDDocument(json: Data(##"{"id":"\##(did)","verificationMethod":[\##(method)]}"##.utf8), expecting: did)
    }

    func verifiedHandle(of did: DID) async -> Handle? { nil }
}
