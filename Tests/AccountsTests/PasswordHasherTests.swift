import Accounts
import Testing

@Suite struct PasswordHasherTests {
    @Test func hashesAreArgon2idWithTheirParameters() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("secret")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hasher.verify("secret", hash))
        #expect(try await !hasher.verify("Secret", hash))
        #expect(try await hasher.hash("secret") != hash)
        await hasher.shutdown()
    }

    @Test func withoutAnAccountTheAnswerIsNo() async throws {
        let hasher = PasswordHasher(cost: .test)
        #expect(try await !hasher.verify("secret", nil))
        #expect(try await !hasher.verify("secret", "plain text"))
        #expect(try await !hasher.verify("secret", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaA"))
        await hasher.shutdown()
    }

    @Test func theQueueIsBounded() async throws {
        let hasher = PasswordHasher(queueLimit: 3)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("secret")
                        return true
                    } catch {
                        #expect(error as? PasswordHasher.Failure == .busy)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(true) && outcomes.contains(false))
        await hasher.shutdown()
    }

    @Test(arguments: ["ann", "Ann_2", "[x]", "a-b"])
    func accountNames(_ text: String) {
        #expect(AccountName(text) != nil)
    }

    @Test(arguments: ["", "2ann", "-ann", "did:plc:x", "a b", "#a", "a!b", "é", "a.b", String(repeating: "a", count: 33)])
    func notAccountNames(_ text: String) {
        #expect(AccountName(text) == nil)
    }
}
