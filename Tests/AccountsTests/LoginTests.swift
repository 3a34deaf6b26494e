import ATProto
import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@LoopActor @Suite struct WebTokensTests {
    @Test func tokensEndWithWhatTheyRestOn() throws {
        let tokens = WebTokens(clock: VirtualClock())
        let minted = try ["a", "a", "b", nil].map { tokens.mint(did: try did(1), handle: nil, login: $0) }
        tokens.void(logins: [])
        tokens.void(logins: ["a"])
        #expect(tokens.count == 2)
        #expect(tokens.redeem(minted[2])?.login == "b")
        let other = tokens.mint(did: try did(2), handle: nil, login: "b")
        tokens.void(did: try did(1))
        tokens.void(logins: ["a"])
        #expect(tokens.count == 1)
        #expect(tokens.redeem(minted[3]) == nil)
        #expect(tokens.redeem(other)?.did == (try did(2)))
    }

    @Test func endsAreRememberedUpToABound() {
        let tokens = WebTokens(clock: VirtualClock())
        tokens.void(logins: ["first"])
        #expect(tokens.isOver("first") && !tokens.isOver("other"))
        for number in 1..<WebTokens.rememberedEnds { tokens.void(logins: ["\(number)"]) }
        #expect(tokens.isOver("first"))
        tokens.void(logins: ["last"])
        #expect(!tokens.isOver("first") && tokens.isOver("1") && tokens.isOver("last"))
    }

    private func did(_ number: Int) throws -> DID {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return try #require(DID("did:plc:" + String(repeating: "a", count: 22) + String([letters[number / 26], letters[number % 26]])))
    }

    @Test func aTokenIsGoodOnce() throws {
        let tokens = WebTokens(clock: VirtualClock())
        let token = tokens.mint(did: try did(1), handle: Handle("a.example.com"))
        #expect(tokens.redeem("other") == nil)
        #expect(tokens.redeem(token)?.did == (try did(1)))
        #expect(tokens.redeem(token) == nil)
    }

    @Test func andForHalfAnHour() throws {
        let clock = VirtualClock()
        let tokens = WebTokens(clock: clock)
        let (first, second) = (tokens.mint(did: try did(1), handle: nil), tokens.mint(did: try did(2), handle: nil))
        clock.advance(by: .seconds(1799))
        #expect(tokens.redeem(first) != nil)
        clock.advance(by: .seconds(1))
        #expect(tokens.redeem(second) == nil)
    }

    @Test func theOldestMakesRoom() throws {
        let tokens = WebTokens(clock: VirtualClock(), capacity: 3)
        let minted = try (0..<5).map { tokens.mint(did: try did($0), handle: nil) }
        #expect(tokens.count == 3)
        #expect(minted.map { tokens.redeem($0) != nil } == [false, false, true, true, true])
    }
}

@LoopActor @Suite struct LoginThrottleTests {
    @Test func failuresRunOutAndComeBack() {
        let clock = VirtualClock()
        let throttle = LoginThrottle(clock: clock, burst: 3, recovery: .seconds(10))
        for _ in 0..<3 {
            #expect(throttle.allows("a"))
            throttle.fail("a")
        }
        #expect(!throttle.allows("a") && throttle.allows("b"))
        clock.advance(by: .seconds(11))
        #expect(throttle.allows("a"))
    }

    @Test func itForgetsTheOldestAtItsBound() {
        let throttle = LoginThrottle(clock: VirtualClock(), burst: 1, capacity: 2)
        for key in ["a", "b", "c"] { throttle.fail(key) }
        #expect(throttle.count == 2)
        #expect(throttle.allows("a") && !throttle.allows("b") && !throttle.allows("c"))
    }
}

@LoopActor @Suite struct AuthenticatorTests {
    private func authenticator() throws -> (Authenticator, AccountStore, WebTokens, VirtualClock) {
        let clock = VirtualClock()
        let accounts = AccountStore(try RoostDatabase.inMemory())
        let tokens = WebTokens(clock: clock)
        let authenticator = Authenticator(
            accounts: accounts, hasher: PasswordHasher(cost: .test), resolver: NobodyThere(), webTokens: tokens,
            pds: PDSLogin(resolver: NobodyThere(), fetcher: FakePDS(), clock: clock), status: RepoStatus(fetcher: FakePDS(), clock: clock),
            throttle: LoginThrottle(clock: clock, burst: 3), clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return (authenticator, accounts, tokens, clock)
    }

    @Test func passwords() async throws {
        let (authenticator, accounts, _, _) = try authenticator()
        let hash = try await PasswordHasher(cost: .test).hash("secret")
        _ = try await accounts.create(AccountRecord(name: "Ann", passwordHash: hash, isOperator: true, createdAt: 0))
        let result = await authenticator.authenticate(.plain(account: "ann", password: "secret"), from: "x")
        var identity = Identity(account: "Ann", isOperator: true)
        identity.proof = .password(hash: hash)
        #expect(result == .success(identity))
        #expect(await authenticator.authenticate(.plain(account: "ann", password: "wrong"), from: "x") == .failure(.rejected))
        #expect(await authenticator.authenticate(.plain(account: "nobody", password: "x"), from: "x") == .failure(.rejected))
        try await accounts.suspend(name: "ann")
        #expect(await authenticator.authenticate(.plain(account: "ann", password: "secret"), from: "y") == .failure(.suspended))
    }

    @Test func guessingIsSlowedDownByAddressAndByAccount() async throws {
        let (authenticator, _, _, clock) = try authenticator()
        for _ in 0..<3 { _ = await authenticator.authenticate(.plain(account: "ann", password: "x"), from: "a") }
        #expect(await authenticator.authenticate(.plain(account: "ben", password: "x"), from: "a") == .failure(.throttled))
        #expect(await authenticator.authenticate(.plain(account: "ann", password: "x"), from: "b") == .failure(.rejected))
        for number in 4..<30 { _ = await authenticator.authenticate(.plain(account: "ann", password: "x"), from: "from \(number)") }
        #expect(await authenticator.authenticate(.plain(account: "ann", password: "x"), from: "c") == .failure(.throttled))
        clock.advance(by: .seconds(120))
        #expect(await authenticator.authenticate(.plain(account: "ann", password: "x"), from: "a") == .failure(.rejected))
    }

    @Test func tokensMakeAccounts() async throws {
        let (authenticator, accounts, tokens, _) = try authenticator()
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let token = tokens.mint(did: did, handle: Handle("a.example.com"))
        let result = await authenticator.authenticate(.webToken(token), from: "x")
        var identity = Identity(account: did.text, did: did, handle: Handle("a.example.com"))
        identity.proof = .identity
        #expect(result == .success(identity))
        #expect(try await accounts.find(did: did.text) != nil)
        #expect(await authenticator.authenticate(.webToken(token), from: "x") == .failure(.rejected))
    }

    /// A token is redeemed, and the login that it was made for ends before the connection has it.
    @Test func aLoginThatEndsMeanwhileIsNotRenewed() async throws {
        let (authenticator, _, tokens, _) = try authenticator()
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let identity = try await authenticator.authenticate(.webToken(tokens.mint(did: did, handle: nil, login: "w")), from: "x").get()
        #expect(try await authenticator.renewed(identity) == identity)
        tokens.void(logins: ["w"])
        await #expect(throws: SASLFailure.rejected) { try await authenticator.renewed(identity) }
    }

    @Test func lookUpsForSignaturesAreLimitedByAddress() async throws {
        let (authenticator, _, _, clock) = try authenticator()
        let credential = Credential.signature(
            did: try #require(DID("did:plc:abcdefghijklmnopqrstuvwx")), signature: Data(), challenge: Data())
        for _ in 0..<30 { #expect(await authenticator.authenticate(credential, from: "x") == .failure(.unavailable)) }
        #expect(await authenticator.authenticate(credential, from: "x") == .failure(.throttled))
        #expect(await authenticator.authenticate(credential, from: "y") == .failure(.unavailable))
        clock.advance(by: .seconds(60))
        #expect(await authenticator.authenticate(credential, from: "x") == .failure(.unavailable))
    }

    @Test func anUnknownOrUnreachableIdentityIsToldApart() async throws {
        let (authenticator, _, _, _) = try authenticator()
        let down = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let unknown = try #require(DID("did:web:nobody.example.com"))
        #expect(
            await authenticator.authenticate(.signature(did: down, signature: Data(), challenge: Data()), from: "x")
                == .failure(.unavailable))
        #expect(
            await authenticator.authenticate(.signature(did: unknown, signature: Data(), challenge: Data()), from: "x")
                == .failure(.rejected))
    }
}

/// No handle leads anywhere, and the directory of did:plc is down.
struct NobodyThere: IdentityResolving {
    func resolve(handle: Handle) async throws(IdentityError) -> DID { throw .notFound(handle.text) }
    func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        guard did.method == .plc else { throw .notFound(did.text) }
        throw .temporary(reason: "down")
    }
    func verifiedHandle(of did: DID) async -> Handle? { nil }
}
