import Accounts
import Daemon
import Foundation
import RoostTesting
import Settings
import Store
import Testing

@Suite struct LocalAccountsTests {
    @Test func addsAnAccountThatCanLogIn() async throws {
        try await withTestDirectory { folder in
            try await LocalAccounts.add(name: "alice", password: "pässword", isOperator: true, in: folder.path)
            let database = try RoostDatabase(path: folder.path + "/roost.db")
            let account = try #require(try await AccountStore(database).find(name: "alice"))
            #expect(account.isOperator)
            let hasher = PasswordHasher()
            #expect(try await hasher.verify("pässword", account.passwordHash))
            #expect(try await !hasher.verify("password", account.passwordHash))
            await hasher.shutdown()
            try database.close()
        }
    }

    @Test func thePasswordIsStoredAsTheConfigurationSays() async throws {
        try await withTestDirectory { folder in
            var rules = Settings().accounts
            (rules.scram, rules.hashMemory, rules.hashPasses, rules.hashLanes) = (true, 20 << 20, 3, 2)
            try await LocalAccounts.add(name: "alice", password: "password", isOperator: false, rules: rules, in: folder.path)
            let database = try RoostDatabase(path: folder.path + "/roost.db")
            let account = try #require(try await AccountStore(database).find(name: "alice"))
            #expect(account.passwordHash?.hasPrefix("$argon2id$v=19$m=20480,t=3,p=2$") == true)
            #expect(account.scramVerifier?.hasPrefix("SCRAM-SHA-256$600000:") == true)
            try database.close()
        }
    }

    @Test func aTakenNameIsRefusedAndKept() async throws {
        try await withTestDirectory { folder in
            try await LocalAccounts.add(name: "alice", password: "one", isOperator: false, in: folder.path)
            let error = await #expect(throws: StartError.self) {
                try await LocalAccounts.add(name: "ALICE", password: "two", isOperator: true, in: folder.path)
            }
            #expect(error?.description.contains("there is an account ALICE already") == true)
            let database = try RoostDatabase(path: folder.path + "/roost.db")
            #expect(try await AccountStore(database).find(name: "alice")?.isOperator == false)
            try database.close()
        }
    }

    @Test(arguments: [("1alice", "x"), ("did:plc:x", "x"), ("", "x"), ("alice", ""), ("alice", String(repeating: "x", count: 1025))])
    func badNamesAndPasswordsAreRefused(_ name: String, _ password: String) async throws {
        try await withTestDirectory { folder in
            await #expect(throws: StartError.self) {
                try await LocalAccounts.add(name: name, password: password, isOperator: false, in: folder.path)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/roost.db"))
        }
    }
}
