import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Accounts

/// Passwords that are stored anew at a login, because they would be stored otherwise today.
@LoopActor @Suite struct RenewalTests {
    private let accounts: AccountStore
    private let clock = VirtualClock()
    private let hasher = PasswordHasher(cost: .init(memory: 16, passes: 2), scramIterations: 7)

    init() async throws {
        accounts = AccountStore(try RoostDatabase.inMemory())
        let hash = try await PasswordHasher(cost: .test).hash("secret")
        _ = try await accounts.create(AccountRecord(name: "ann", passwordHash: hash, createdAt: 0))
    }

    private func logIn(_ password: String, _ hasher: PasswordHasher? = nil) async -> Result<Identity, SASLFailure> {
        let authenticator = Authenticator(
            accounts: accounts, hasher: hasher ?? self.hasher, resolver: NobodyThere(), webTokens: WebTokens(clock: clock),
            pds: PDSLogin(resolver: NobodyThere(), fetcher: FakePDS(), clock: clock), status: RepoStatus(fetcher: FakePDS(), clock: clock),
            throttle: LoginThrottle(clock: clock), clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return await authenticator.authenticate(.plain(account: "ann", password: password), from: "x")
    }

    private func account() async throws -> AccountRecord { try #require(try await accounts.find(name: "ann")) }

    @Test func aHashOfOtherCostIsMadeAnewAtALogin() async throws {
        let old = try await account().passwordHash
        #expect(await logIn("wrong") == .failure(.rejected))
        #expect(try await account().passwordHash == old)
        #expect(try await account().scramVerifier == nil)
        #expect(try await logIn("secret").get().account == "ann")
        let new = try await account()
        #expect(new.passwordHash?.hasPrefix("$argon2id$v=19$m=16,t=2,p=1$") == true)
        #expect(try await hasher.verify("secret", new.passwordHash))
        #expect(new.scramVerifier?.hasPrefix("SCRAM-SHA-256$7:") == true)
        // What is current stays.
        #expect(try await logIn("secret").get().account == "ann")
        #expect(try await account() == new.loggedIn(at: clock.wallMilliseconds))
    }

    @Test func lanesCountToo() async throws {
        let wide = PasswordHasher(cost: .init(memory: 32, passes: 1, lanes: 2))
        _ = await logIn("secret", wide)
        let hash = try #require(try await account().passwordHash)
        #expect(hash.hasPrefix("$argon2id$v=19$m=32,t=1,p=2$"))
        #expect(try await hasher.verify("secret", hash))
    }

    @Test func moreIterationsAreMadeUpFor() async throws {
        _ = await logIn("secret")
        _ = await logIn("secret", PasswordHasher(cost: .test, scramIterations: 9))
        #expect(try await account().scramVerifier?.hasPrefix("SCRAM-SHA-256$9:") == true)
    }

    @Test func aVerifierStaysWhileScramIsOff() async throws {
        _ = await logIn("secret")
        let verifier = try await account().scramVerifier
        _ = await logIn("secret", PasswordHasher(cost: .test))
        #expect(try await account().scramVerifier == verifier)
        #expect(try await account().passwordHash?.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$") == true)
    }

    @Test func aPasswordThatClientsCannotPrepareHasNoVerifier() async throws {
        try await accounts.setPasswordHash(try await hasher.hash("bell\u{7}"), name: "ann")
        #expect(try await logIn("bell\u{7}").get().account == "ann")
        #expect(try await account().scramVerifier == nil)
    }

    @Test func aPasswordThatWasChangedMeanwhileStays() async throws {
        let old = try #require(try await account().passwordHash)
        let changed = try await hasher.hash("other")
        try await accounts.setPasswordHash(changed, name: "ann")
        #expect(try await !accounts.renewPasswordHash(from: old, to: "late", scramVerifier: "late", name: "ann"))
        #expect(try await account().passwordHash == changed)
        #expect(try await account().scramVerifier == nil)
    }

    @Test func anotherPasswordTakesTheOldVerifierAway() async throws {
        _ = await logIn("secret")
        #expect(try await account().scramVerifier != nil)
        try await accounts.setPasswordHash("x", name: "ann")
        #expect(try await account().scramVerifier == nil)
    }

    @Test func aLoginThatRenewsRestsOnTheNewHash() async throws {
        let renewing = try await logIn("secret").get()
        #expect(renewing.proof == .password(hash: try #require(try await account().passwordHash)))
    }

    @Test func devicePasswordsAreRenewedToo() async throws {
        let old = DevicePasswords(accounts: accounts, hasher: PasswordHasher(cost: .test))
        guard case .made(let password) = try await old.make(try DevicePasswordOrder(name: "phone", days: nil), account: "ann", now: 0)
        else {
            throw CancellationError()
        }
        let before = try await account()
        #expect(try await logIn(password.text).get().devicePassword == password.id)
        let record = try #require(try await accounts.devicePassword(id: password.id, ofAccount: "ann"))
        #expect(record.hash.hasPrefix("$argon2id$v=19$m=16,t=2,p=1$"))
        #expect(try await account() == before.loggedIn(at: clock.wallMilliseconds))
        #expect(try await logIn(password.text).get().devicePassword == password.id)
        try await accounts.renewHash(ofDevicePassword: password.id, from: "another", to: "late")
        #expect(try await accounts.devicePassword(id: password.id, ofAccount: "ann")?.hash == record.hash)
    }
}

extension AccountRecord {
    fileprivate func loggedIn(at time: Int64) -> AccountRecord {
        var copy = self
        copy.lastLoginAt = time
        return copy
    }
}
