import ATProto
import Admin
import Broker
import Crypto
import Foundation
import GRDB
import Push
import RoostTesting
import Settings
import Testing

@testable import Daemon
@testable import Store

/// The master key of a whole server: where it comes from, and how it changes.
@Suite struct MasterKeyTests {
    private func key(_ fixture: DaemonFixture) throws -> SecretKeys {
        try SecretKeyFile(fixture.data + "/secret.key").load(secretsExist: true)
    }

    private func rotate(_ daemon: Daemon) async -> AdminAnswer {
        await daemon.administer(AdminRequest(service: Daemon.rotateKey, command: ""), by: 0)
    }

    /// What people and devices would notice: the hosts of people, and the key that devices have subscribed for.
    private func face(_ daemon: Daemon) async -> (Data, String) {
        await (daemon.ground.vault.cloakKey.withUnsafeBytes { Data($0) }, daemon.ground.vault.pushKey.publicKey)
    }

    @Test func itChangesWhileTheServerRunsAndNothingElseDoes() async throws {
        try await withFixture { fixture in
            var before: (Data, String)?
            var rotated: SecretKeys?
            try await fixture.withDaemon { daemon in
                before = await face(daemon)
                let first = try key(fixture)
                try await daemon.ground.brokerStore.add(ClientKey(), now: 1)
                let answer = await rotate(daemon)
                rotated = try key(fixture)
                #expect(answer.error == nil)
                #expect(answer.lines?.first?.hasPrefix("The master key is \(rotated?.current.name ?? "") now; 4 stored secrets ") == true)
                #expect(rotated?.former == nil && rotated != first)
                #expect(await daemon.ground.vault.box.keys == rotated)
                try await daemon.ground.brokerStore.add(ClientKey(), now: 2)
            }
            try await fixture.withDaemon { daemon in
                #expect(await face(daemon) == before ?? (Data(), ""))
                #expect(try key(fixture) == rotated)
                for stored in try await daemon.ground.brokerStore.clientKeys() {
                    let secret = try await daemon.ground.brokerStore.clientKeySecret(id: stored.id)
                    #expect(secret?.count == 32)
                }
            }
        }
    }

    @Test func oneChangeAtATime() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let answers = await withTaskGroup { group in
                    for _ in 0..<8 { group.addTask { await rotate(daemon) } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.contains { $0.lines != nil })
                #expect(answers.allSatisfy { $0.lines != nil || $0.error == "the master key is being changed already" })
                let stored = try key(fixture)
                #expect(await daemon.ground.vault.box.keys == stored)
            }
        }
    }

    /// Versions before stored neither: they made both from the key.
    @Test func hostsAndPushKeyAreThoseOfBefore() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let key = try key(fixture).current.key
                let cloak = HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("roost cloak".utf8), outputByteCount: 32)
                #expect(await daemon.ground.vault.cloakKey == cloak)
                #expect(await face(daemon).1 == VAPIDKey(derivedFrom: key).publicKey)
            }
        }
    }

    /// A crash in the middle of a change: a start with two keys goes on.
    @Test(arguments: [false, true]) func aStartFinishesAChange(_ wasSealedAnew: Bool) async throws {
        try await withFixture { fixture in
            var before: (Data, String)?
            try await fixture.withDaemon { daemon in
                before = await face(daemon)
                try await daemon.ground.vault.rotation.begin()
                if wasSealedAnew { _ = try await daemon.ground.vault.rotation.reseal() }
            }
            let keys = try key(fixture)
            #expect(keys.former != nil)
            try await fixture.withDaemon { daemon in
                #expect(await face(daemon) == before ?? (Data(), ""))
                #expect(await daemon.ground.vault.box.keys == SecretKeys(keys.current))
            }
            #expect(try key(fixture) == SecretKeys(keys.current))
        }
    }

    /// The first start after an upgrade, with a new key in the file already.
    @Test func anUpgradeWithTwoKeysKeepsTheHosts() async throws {
        try await withFixture { fixture in
            let (old, new) = (SecretKey(), SecretKey())
            _ = try DataDirectory.prepare(fixture.data)
            try SecretKeyFile(fixture.data + "/secret.key").replace(with: SecretKeys(new, former: old))
            try await fixture.withDaemon { daemon in
                #expect(await face(daemon).1 == VAPIDKey(derivedFrom: old.key).publicKey)
            }
            #expect(try key(fixture) == SecretKeys(new))
        }
    }

    @Test func itChangesWhileTheServerIsStopped() async throws {
        try await withFixture { fixture in
            var before: (Data, String)?
            try await fixture.withDaemon { daemon in
                before = await face(daemon)
                let error = await #expect(throws: StartError.self) { try await MasterKey.rotate(in: fixture.launch()) }
                #expect(error?.description.contains("another roost already runs") == true)
            }
            let first = try key(fixture)
            #expect(try await MasterKey.rotate(in: fixture.launch()).count == 2)
            #expect(try key(fixture) != first)
            try await fixture.withDaemon { daemon in #expect(await face(daemon) == before ?? (Data(), "")) }
        }
    }

    @Test func anotherKeyIsNamed() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { _ in }
            let (old, other) = (try key(fixture).current, SecretKey())
            try SecretKeyFile(fixture.data + "/secret.key").replace(with: SecretKeys(other))
            let error = await #expect(throws: StartError.self) { try await fixture.withDaemon { _ in } }
            #expect(error?.description.contains("is sealed with the key \(old.name), and ") == true)
            #expect(error?.description.contains("holds the key \(other.name)") == true)
            try FileManager.default.removeItem(atPath: fixture.data + "/secret.key")
            let missing = await #expect(throws: StartError.self) { try await fixture.withDaemon { _ in } }
            #expect(missing?.description.contains("secret.key is missing") == true)
            #expect(!FileManager.default.fileExists(atPath: fixture.data + "/secret.key"))
            await #expect(throws: StartError.self) { try await ClientKeys.add(in: fixture.launch()) }
        }
    }

    /// What docs/operating.md says for a lost key.
    @Test func withoutTheKeyTheServerBeginsAnew() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                try await daemon.ground.brokerStore.add(ClientKey(), now: 1)
                _ = try await daemon.ground.accounts.logIn(did: "did:plc:abcdefghijklmnopqrstuvwx", now: 1)
            }
            try FileManager.default.removeItem(atPath: fixture.data + "/secret.key")
            let database = try RoostDatabase(path: fixture.data + "/roost.db")
            try await database.writer.write { db in
                for table in Set(SealedColumn.allCases.map(\.table)) { try db.execute(sql: "DELETE FROM \(table)") }
            }
            try database.close()
            try await fixture.withDaemon { daemon in
                let account = try await daemon.ground.accounts.find(did: "did:plc:abcdefghijklmnopqrstuvwx")
                #expect(account != nil)
            }
        }
    }

    // MARK: systemd

    /// A launch in a unit whose credential `roost.key` holds `keys`.
    private func launch(_ fixture: DaemonFixture, keys: SecretKeys?, name: String = "roost.key") throws -> Launch {
        try fixture.configure(DaemonFixture.ports + "[data]\nkey_credential = \"roost.key\"\n")
        let folder = fixture.folder.path + "/credentials"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let keys { try SecretKeyFile(folder + "/" + name).replace(with: keys) }
        return try Launch.resolve(
            configuration: fixture.file, data: fixture.data,
            places: DefaultPlaces(environment: ["CREDENTIALS_DIRECTORY": folder], isRoot: false))
    }

    @Test func theKeyIsACredential() async throws {
        try await withFixture { fixture in
            let (first, second) = (SecretKey(), SecretKey())
            var before: (Data, String)?
            try await fixture.withDaemon(launch(fixture, keys: SecretKeys(first))) { daemon in
                before = await face(daemon)
                let answer = await rotate(daemon)
                #expect(answer.lines == nil && answer.error?.contains("Put a line with the new key before the old one") == true)
                #expect(await daemon.ground.vault.box.keys == SecretKeys(first))
            }
            #expect(!FileManager.default.fileExists(atPath: fixture.data + "/secret.key"))
            let key = try await ClientKeys.add(in: launch(fixture, keys: SecretKeys(first)))
            for keys in [SecretKeys(second, former: first), SecretKeys(second, former: first), SecretKeys(second)] {
                try await fixture.withDaemon(launch(fixture, keys: keys)) { daemon in
                    #expect(await face(daemon) == before ?? (Data(), ""))
                    #expect(await daemon.ground.vault.box.keys == SecretKeys(second))
                    let secret = try await daemon.ground.brokerStore.clientKeySecret(id: key)
                    #expect(secret != nil)
                }
            }
            let error = await #expect(throws: StartError.self) {
                try await fixture.withDaemon(launch(fixture, keys: SecretKeys(first))) { _ in }
            }
            #expect(error?.description.contains("is sealed with the key \(second.name)") == true)
        }
    }

    @Test func aCredentialThatIsNotThereIsNamed() async throws {
        try await withFixture { fixture in
            let without = await #expect(throws: StartError.self) {
                try await fixture.withDaemon(launch(fixture, keys: SecretKeys(SecretKey()), name: "other")) { _ in }
            }
            #expect(without?.description.contains("There is no credential \(fixture.folder.path)/credentials/roost.key") == true)
            let outside = try Launch.resolve(
                configuration: fixture.file, data: fixture.data, places: DefaultPlaces(environment: [:], isRoot: false))
            let error = await #expect(throws: StartError.self) { try await fixture.withDaemon(outside) { _ in } }
            #expect(error?.description.hasPrefix("data.key_credential: $CREDENTIALS_DIRECTORY is not set") == true)
            #expect(error?.description.contains("LoadCredential=roost.key:") == true)
        }
    }

    @Test func aKeyFileBecomesACredential() async throws {
        try await withFixture { fixture in
            var before: (Data, String)?
            try await fixture.withDaemon { daemon in before = await face(daemon) }
            let keys = try key(fixture)
            try FileManager.default.removeItem(atPath: fixture.data + "/secret.key")
            try await fixture.withDaemon(launch(fixture, keys: keys)) { daemon in #expect(await face(daemon) == before ?? (Data(), "")) }
        }
    }
}
