import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

@Suite struct RoostDatabaseTests {
    @Test func filesAreForTheOwnerOnly() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let database = try RoostDatabase(path: path)
            try await ServerStateStore(database).set("a", Data([1]))
            for suffix in ["", "-wal", "-shm"] {
                let mode = try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            try database.close()
        }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            for version in [nil, "Roost 9.1"] {
                let other = version == nil ? path : path + "2"
                let database = try RoostDatabase(path: other)
                if let version { try await ServerStateStore(database).set(ServerStateStore.version, Data(version.utf8)) }
                try await database.writer.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
                try database.close()
                let error = StoreError.tooNew(migrations: ["999"], version: version)
                #expect(throws: error) { try RoostDatabase(path: other) }
                #expect("\(error)".contains(version ?? "it has 999"))
            }
        }
    }

    @Test func whatIsNoDatabaseIsNamed() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: path))
            #expect {
                try RoostDatabase(path: path)
            } throws: { error in
                "\(error)".contains(path)
            }
            #expect(throws: StoreError.self) { try RoostDatabase(path: directory.path + "/none/roost.db") }
        }
    }

    @Test func stateIsComparedAndDeletedOnce() async throws {
        let state = ServerStateStore(try RoostDatabase.inMemory())
        try await state.set("code", Data("x".utf8))
        #expect(try await state.compareAndDelete("code", expected: Data("y".utf8)) == false)
        #expect(try await state.compareAndDelete("code", expected: Data("x".utf8)))
        #expect(try await state.compareAndDelete("code", expected: Data("x".utf8)) == false)
        #expect(try await state.get("code") == nil)
    }
}

@Suite struct AccountStoreTests {
    @Test func namesAreTakenWithoutRegardToCase() async throws {
        let accounts = AccountStore(try RoostDatabase.inMemory())
        #expect(try await accounts.create(AccountRecord(name: "Ann", passwordHash: "h", createdAt: 1)))
        #expect(try await !accounts.create(AccountRecord(name: "aNN", createdAt: 2)))
        #expect(try await accounts.find(name: "ANN")?.name == "Ann")
        #expect(try await accounts.find(name: "bob") == nil)
        try await accounts.setOperator(true, name: "ann")
        try await accounts.suspend(name: "ann")
        try await accounts.recordLogin(name: "ann", now: 9)
        let account = try await accounts.find(name: "ann")
        #expect(account?.isOperator == true && account?.isSuspended == true && account?.lastLoginAt == 9)
    }

    @Test func aDIDHasOneAccountFromItsFirstLogin() async throws {
        let accounts = AccountStore(try RoostDatabase.inMemory())
        let first = try await accounts.logIn(did: "did:plc:abcdefghijklmnopqrstuvwx", now: 1)
        let second = try await accounts.logIn(did: "did:plc:abcdefghijklmnopqrstuvwx", now: 2)
        #expect(first.name == "did:plc:abcdefghijklmnopqrstuvwx" && second.createdAt == 1 && second.lastLoginAt == 2)
        #expect(try await accounts.find(did: first.name)?.name == first.name)
    }
}

/// What older versions wrote is there after the step that stores it otherwise.
@Suite struct MigrationTests {
    @Test func codesThatWereSentByMailStillCount() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let hash = Data("hash".utf8)
            let pending = Data(
                #"{"name":"Bob","passwordHash":"h","email":"b@example.com","codeHash":"\#(hash.base64EncodedString())","expiresAt":10,"attempts":4}"#
                    .utf8)
            let before = try RoostDatabase(path: path)
            try await before.writer.write { db in
                try db.execute(
                    sql: """
                        DROP TABLE mailed_code;
                        DELETE FROM grdb_migrations WHERE identifier IN ('mailed_code', 'mailed_code.attempts');
                        """)
                try db.execute(
                    sql: """
                        CREATE TABLE password_reset (
                            account TEXT NOT NULL PRIMARY KEY, hash BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
                            expires_at INTEGER NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        """)
                try db.execute(sql: "INSERT INTO password_reset VALUES ('ann', ?, 4, 10)", arguments: [hash])
                for (key, value) in [("bob", pending), ("carl", Data("nonsense".utf8))] {
                    try db.execute(sql: "INSERT INTO record VALUES ('registration', ?, ?)", arguments: [key, value])
                }
            }
            try before.close()
            let database = try RoostDatabase(path: path)
            let accounts = AccountStore(database)
            for (code, document) in [
                (MailedCode(.reset, ofAccount: "Ann", hash: hash), Data()),
                (MailedCode(.registration, ofAccount: "BOB", hash: hash), pending),
            ] {
                #expect(try await accounts.document(of: code, now: 9) == document)
                #expect(try await accounts.document(of: code, now: 10) == nil)
            }
            let left = try await database.writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM record") }
            #expect(left == 0)
            try database.close()
        }
    }

    @Test func addressesFromBeforeItWasNotedAreNotProved() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let before = try RoostDatabase(path: path)
            try await before.writer.write { db in
                try db.execute(
                    sql: """
                        DROP INDEX account_proved_email;
                        DELETE FROM grdb_migrations WHERE identifier = 'account.proved_email';
                        """)
                for (name, settings) in [
                    ("ann", #"{"email":"a@example.com","vhost":"nest.example"}"#),
                    ("bob", #"{"email":"b@example.com","emailIsProved":true}"#), ("carl", "{}"), ("dan", "nonsense"),
                ] {
                    try db.execute(
                        sql: "INSERT INTO account (name, folded, created_at, settings) VALUES (?, ?, 0, ?)",
                        arguments: [name, name, settings])
                }
            }
            try before.close()
            let database = try RoostDatabase(path: path)
            #expect(database.upgrade?.steps == ["account.proved_email"])
            let accounts = AccountStore(database)
            let ann = try await accounts.find(name: "ann")?.settings
            #expect(ann?.email == "a@example.com" && ann?.emailIsProved == false && ann?.vhost == "nest.example")
            #expect(try await accounts.find(name: "bob")?.settings.emailIsProved == true)
            #expect(try await accounts.find(name: "carl")?.settings == AccountSettings())
            #expect(try await accounts.find(name: "dan")?.settings == AccountSettings())
            #expect(try await accounts.isKnown(email: "b@example.com"))
            #expect(try await !accounts.isKnown(email: "a@example.com"))
            try database.close()
        }
    }
}
