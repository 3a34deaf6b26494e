import Crypto
import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

/// A new master key, and a crash after each step of the change.
@Suite struct KeyRotationTests {
    /// The last step that was done when the process died.
    enum Step: CaseIterable {
        case nothing, draft, begin, aNewValue, reseal, finish
    }

    /// Values are BLOBs: whoever adds a column says here whether it is sealed.
    @Test func everyColumnIsSealedOrNot() async throws {
        let open: Set = [
            "api_token.hash", "broker_token.hash", "client_key.public_key", "message.text", "pds_session.refresh_hash",
            "push_subscription.public_key", "record.value", "server_state.value", "mailed_code.hash", "mailed_code.document",
            "invite_code.hash",
        ]
        let found = try await RoostDatabase.inMemory().writer.read { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'message_words_*'")
            return try Set(
                tables.flatMap { table in
                    try Row.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?) WHERE upper(type) = 'BLOB'", arguments: [table])
                        .map { "\(table).\($0["name"] as String)" }
                })
        }
        let sealed = Set(SealedColumn.allCases.map { "\($0.table).\($0.name)" })
        #expect(sealed.count == SealedColumn.allCases.count)
        #expect(found == open.union(sealed))
        #expect(open.isDisjoint(with: sealed))
    }

    @Test func everythingIsSealedAnew() async throws {
        try await withSealedHouse { house in
            let (old, before) = (house.box.keys.current, try await house.sealed())
            #expect(Set(before.map(\.column)) == Set(SealedColumn.allCases))
            let result = try await house.rotation.run()
            #expect(result == KeyRotation.Resealing(values: before.count, unreadable: 0))
            let new = house.box.keys
            #expect(new.current != old && new.former == nil)
            #expect(try house.file.load(secretsExist: true) == new)
            #expect(try await house.sealed().allSatisfy { SecretBox.keyIdentifier(of: $0.value) == new.current.identifier })
            try await house.checkAll()
            #expect(try await house.opened(by: SecretBox(key: old.key)) == 0)
            #expect(try await house.opened(by: SecretBox(new)) == before.count)
            // Again, and again.
            for _ in 0..<2 { #expect(try await house.rotation.run().values == before.count) }
            try await house.checkAll()
        }
    }

    @Test(arguments: Step.allCases)
    func aCrashLosesNothing(_ step: Step) async throws {
        try await withTestDirectory { folder in
            let first = try SealedHouse(folder)
            try await first.fill()
            let old = first.box.keys.current
            switch step {
            case .nothing: break
            case .draft: try Data("roost-key-1".utf8).write(to: URL(fileURLWithPath: first.file.path + ".new"))
            case .begin, .aNewValue, .reseal, .finish:
                try first.rotation.begin()
                if step == .aNewValue {
                    #expect(try await first.broker.storeRotation("s1", refreshToken: "refresh-token-1", pds: "", now: 2))
                }
                if step == .aNewValue { try await first.broker.storeAccess("s1", accessToken: "access-token-1", expiresAt: 9, scope: "") }
                if step == .reseal || step == .finish { _ = try await first.rotation.reseal() }
                if step == .finish { try first.rotation.finish() }
            }
            try first.database.close()

            let second = try SealedHouse(folder)
            #expect((second.box.keys.former == old) == [.begin, .aNewValue, .reseal].contains(step))
            try await second.checkAll()
            let all = try await second.sealed()
            if step == .aNewValue { #expect(Set(all.map { SecretBox.keyIdentifier(of: $0.value) }).count == 2) }
            let current = second.box.keys.current
            if second.box.keys.former != nil { _ = try await second.rotation.resume() }
            #expect(second.box.keys == SecretKeys(current))
            #expect(try second.file.load(secretsExist: true) == SecretKeys(current))
            #expect((current == old) == [.nothing, .draft].contains(step))
            #expect(try await second.opened(by: SecretBox(key: current.key)) == all.count)
            if current != old { #expect(try await second.opened(by: SecretBox(key: old.key)) == 0) }
            try await second.checkAll()
            // The next change is like any other, and takes the draft away that a crash left.
            _ = try await second.rotation.run()
            try await second.checkAll()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("secret.key") }
            #expect(names == ["secret.key"])
            try second.database.close()
        }
    }

    @Test func anInterruptedChangeGoesOnWithItsKey() async throws {
        try await withSealedHouse { house in
            try house.rotation.begin()
            let next = house.box.keys.current
            _ = try await house.rotation.run()
            #expect(house.box.keys == SecretKeys(next))
            try await house.checkAll()
        }
    }

    @Test func filesHoldNeitherSecretsNorWhatTheOldKeyOpens() async throws {
        try await withSealedHouse { house in
            let gone = (0..<20).map { "gone\($0)" }
            for id in gone { try await house.open(id, token: id) }
            let old = try await house.sealed().map(\.value)
            // What is there is found, or the search below would show nothing.
            #expect(try old.allSatisfy { try house.bytes().range(of: $0) != nil })
            // What was deleted before is not there either.
            #expect(try await house.broker.end(gone, reason: "signed out").count == gone.count)
            _ = try await house.rotation.run()
            for round in ["running", "stopped"] {
                let bytes = try house.bytes()
                for value in old { #expect(bytes.range(of: value) == nil, "\(round)") }
                for secret in SealedHouse.secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(round): \(secret)") }
                try house.database.close()
            }
        }
    }

    @Test func aCopyWithoutTheKeyOpensNothing() async throws {
        try await withSealedHouse { house in
            try await withTestDirectory { thief in
                for suffix in ["", "-wal"] {
                    try FileManager.default.copyItem(
                        atPath: house.folder.path + "/roost.db" + suffix, toPath: thief.path + "/roost.db" + suffix)
                }
                #expect(throws: SecretKeyFileError.missing(thief.path + "/secret.key")) { try SealedHouse(thief) }
                let copy = try RoostDatabase(path: thief.path + "/roost.db")
                let file = SecretKeyFile(thief.path + "/secret.key")
                _ = try file.load(secretsExist: false)
                #expect(throws: SecretKeyFileError.self) { try file.box(for: copy) }
                let store = BrokerStore(database: copy, box: SecretBox(key: SymmetricKey(size: .bits256)))
                await #expect(throws: SecretBoxError.otherKey) { try await store.secrets(id: "s1") }
                await #expect(throws: SecretBoxError.otherKey) { try await store.clientKeySecret(id: "k1") }
                // Nor is the stored hash a token.
                let hash = try await copy.writer.read { try Data.fetchOne($0, sql: "SELECT hash FROM broker_token") }
                #expect(try await store.session(tokenHash: Data(SHA256.hash(data: try #require(hash)))) == nil)
                try copy.close()
            }
        }
    }

    /// A value is sealed in the transaction that stores it. So none that was on its way comes to lie there sealed with the old key
    /// after all others were sealed anew.
    @Test func whatIsWrittenMeanwhileHasTheNewKey() async throws {
        try await withSealedHouse { house in
            let old = house.box.keys.current
            let (isHeld, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let blocker: Void = house.database.writer.write { _ in
                isHeld.signal()
                mayGoOn.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    isHeld.wait()
                    continuation.resume()
                }
            }
            async let writing: Void = house.open("s2", token: "another")
            // Time enough for it to come as far as it can.
            for _ in 0..<10_000 { await Task.yield() }
            try house.rotation.begin()
            mayGoOn.signal()
            _ = try await (blocker, writing)
            let written = try await house.sealed().filter { $0.place.contains("/s2/") }
            #expect(written.count == 3)
            #expect(written.allSatisfy { SecretBox.keyIdentifier(of: $0.value) == house.box.keys.current.identifier })
            _ = try await house.rotation.run()
            #expect(try await house.opened(by: SecretBox(key: old.key)) == 0)
            #expect(try await house.broker.secrets(id: "s2")?.refreshToken == "refresh-token-1")
        }
    }

    @Test func manyWritersAndReadersGoOn() async throws {
        try await withSealedHouse { house in
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask { try await house.open("w\(number)", token: "w\(number)") }
                    group.addTask {
                        let secret = try await house.broker.clientKeySecret(id: "k1")
                        #expect(secret != nil)
                    }
                    if number % 10 == 5 { _ = try await house.rotation.run() }
                }
                try await group.waitForAll()
            }
            #expect(try await house.opened(by: SecretBox(house.box.keys)) == house.sealed().count)
            try await house.checkAll()
        }
    }

    @Test func aProcessWithTheOldKeyDoesNotSealWithIt() async throws {
        try await withSealedHouse { house in
            let other = BrokerStore(database: house.database, box: SecretBox(house.box.keys))
            try await other.addClientKey(id: "k2", publicKey: Data(), secret: Data([1]), now: 2)
            _ = try await house.rotation.run()
            await #expect(throws: SecretBoxError.otherKey) {
                try await other.addClientKey(id: "k3", publicKey: Data(), secret: Data([1]), now: 3)
            }
            #expect(try await house.broker.clientKeys().map(\.id) == ["k1", "k2"])
        }
    }

    @Test func aDamagedValueDoesNotStopTheRest() async throws {
        try await withSealedHouse { house in
            try await house.database.writer.write { try $0.execute(sql: "UPDATE client_key SET secret = x'0102030405060708090a'") }
            let count = try await house.sealed().count
            #expect(try await house.rotation.run() == KeyRotation.Resealing(values: count - 1, unreadable: 1))
            #expect(try await house.broker.secrets(id: "s1")?.refreshToken == "refresh-token-1")
        }
    }

    @Test func whatCannotBeWrittenChangesNothing() async throws {
        try await withSealedHouse { house in
            let keys = house.box.keys
            let elsewhere = SecretKeyFile("/nonexistent-\(UUID().uuidString)/secret.key")
            await #expect(throws: SecretKeyFileError.self) {
                try await KeyRotation(house.database, box: house.box, file: elsewhere).run()
            }
            #expect(house.box.keys == keys)
            try await house.checkAll()
        }
    }

    @Test func aCredentialIsChangedByItsOwner() async throws {
        try await withTestDirectory { folder in
            let own = try SealedHouse(folder)
            try await own.fill()
            let old = own.box.keys.current
            try own.database.close()
            func write(_ keys: SecretKeys) throws { try own.file.replace(with: keys) }

            let second = try SealedHouse(folder, owner: .systemd)
            await #expect(throws: SecretKeyFileError.readOnly(second.file.path)) { try await second.rotation.run() }
            #expect(second.box.keys == SecretKeys(old))
            try second.database.close()

            let new = SecretKey()
            try write(SecretKeys(new))
            #expect(throws: SecretKeyFileError.otherKey(second.file.path, needed: old.name, found: new.name)) {
                try SealedHouse(folder, owner: .systemd)
            }
            try write(SecretKeys(new, former: old))
            for isFirst in [true, false] {
                let third = try SealedHouse(folder, owner: .systemd)
                #expect((try await third.rotation.resume().values > 0) == isFirst)
                #expect(third.box.keys == SecretKeys(new))
                #expect(try await third.opened(by: SecretBox(key: old.key)) == 0)
                try await third.checkAll()
                try third.database.close()
            }
            try write(SecretKeys(new))
            let last = try SealedHouse(folder, owner: .systemd)
            try await last.checkAll()
            try last.database.close()
        }
    }

    @Test func secretsOfTheServerStay() async throws {
        let database = try RoostDatabase.inMemory()
        let (old, new) = (SecretKey(), SecretKey())
        let derive: @Sendable (SymmetricKey) -> Data = { key in key.withUnsafeBytes { Data($0) } }
        // As an earlier version had it, with the new key already in the file.
        let box = SecretBox(SecretKeys(new, former: old))
        let secret = try await ServerSecretStore(database, box: box).secret(.push, derive: derive)
        #expect(secret == derive(old.key))
        let rotation = KeyRotation(database, box: box, file: SecretKeyFile("/nowhere", owner: .systemd))
        _ = try await rotation.resume()
        #expect(box.keys == SecretKeys(new))
        #expect(try await ServerSecretStore(database, box: box).secret(.push, derive: derive) == secret)
        #expect(try await ServerSecretStore(database, box: box).secret(.cloak, derive: derive) == derive(new.key))
    }
}
