import Admin
import Foundation
import RoostTesting
import Settings
import Testing

@testable import Daemon
@testable import Store

/// A whole server into one file and back.
@Suite struct BackupRestoreTests {
    /// A backup of a server with an account, made while it runs.
    private func withBackup(includesKey: Bool, _ body: (DaemonFixture, String) async throws -> Void) async throws {
        try await withFixture { fixture in
            let path = fixture.folder.path + "/a.backup"
            try await fixture.withDaemon { daemon in
                _ = try await daemon.ground.accounts.create(AccountRecord(name: "ann", createdAt: 1))
                let order = Backups.Order(path: path, includesKey: includesKey, replaces: false)
                let answer = await daemon.administer(AdminRequest(service: Daemon.backup, command: order.text), by: 0)
                #expect(answer.error == nil)
                #expect(answer.lines?.last?.contains(includesKey ? "is in it" : "is NOT in it") == true)
                let second = await daemon.administer(AdminRequest(service: Daemon.backup, command: order.text), by: 0)
                #expect(second.error?.contains("--force") == true)
            }
            try await body(fixture, path)
        }
    }

    private func hasAnn(_ directory: String) async throws -> Bool {
        let database = try RoostDatabase(path: directory + "/roost.db")
        let found = try await AccountStore(database).find(name: "ann") != nil
        try database.close()
        return found
    }

    @Test func theSameServerIsThereAgain() async throws {
        try await withBackup(includesKey: true) { fixture, path in
            let other = fixture.folder.path + "/other"
            let lines = try Restoration(path: path, key: .found, replaces: false).run(in: other)
            #expect(lines.first?.hasPrefix("Restored ") == true)
            for name in ["secret.key", "tls-certificate.pem", "tls-key.pem"] {
                #expect(
                    FileManager.default.contents(atPath: "\(other)/\(name)")
                        == FileManager.default.contents(atPath: "\(fixture.data)/\(name)"))
                #expect(try FileManager.default.attributesOfItem(atPath: "\(other)/\(name)")[.posixPermissions] as? Int == 0o600)
            }
            #expect(try String(contentsOfFile: other + "/roost.toml", encoding: .utf8) == DaemonFixture.ports)
            try await fixture.withDaemon(try Launch.resolve(configuration: nil, data: other)) { daemon in
                let ann = try await daemon.ground.accounts.find(name: "ann")
                #expect(ann != nil)
            }
        }
    }

    @Test func withoutItsKeyNothingIsRestored() async throws {
        try await withBackup(includesKey: false) { fixture, path in
            let other = fixture.folder.path + "/other"
            #expect {
                try Restoration(path: path, key: .found, replaces: false).run(in: other)
            } throws: { "\($0)".contains("nowhere to be found") && "\($0)".contains("--key") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["roost.lock"])

            let wrong = fixture.folder.path + "/wrong.key"
            _ = try SecretKeyFile(wrong).load(secretsExist: false)
            #expect {
                try Restoration(path: path, key: .file(wrong), replaces: false).run(in: other)
            } throws: { "\($0)".contains("there is only") }

            _ = try Restoration(path: path, key: .file(fixture.data + "/secret.key"), replaces: false).run(in: other)
            #expect(try await hasAnn(other))
        }
    }

    @Test func aLostKeyCostsTheLogins() async throws {
        try await withBackup(includesKey: false) { fixture, path in
            let other = fixture.folder.path + "/other"
            _ = try Restoration(path: path, key: .lost, replaces: false).run(in: other)
            try await fixture.withDaemon(try Launch.resolve(configuration: nil, data: other)) { daemon in
                let ann = try await daemon.ground.accounts.find(name: "ann")
                #expect(ann != nil)
            }
        }
    }

    @Test func whatIsThereIsMovedAsideAndItsKeyIsTaken() async throws {
        try await withBackup(includesKey: false) { fixture, path in
            #expect {
                try Restoration(path: path, key: .found, replaces: false).run(in: fixture.data)
            } throws: { "\($0)".contains("not empty") }
            try await fixture.withDaemon { daemon in
                try await daemon.ground.accounts.delete(name: "ann")
                #expect {
                    try Restoration(path: path, key: .found, replaces: true).run(in: fixture.data)
                } throws: { "\($0)".contains("already runs") }
            }
            #expect(try await !hasAnn(fixture.data))
            let lines = try Restoration(path: path, key: .found, replaces: true).run(in: fixture.data)
            #expect(try await hasAnn(fixture.data))
            let aside = try #require(lines.first { $0.hasPrefix("What was there is in ") }?.split(separator: " ")[5].dropLast())
            #expect(try await !hasAnn(String(aside)))
        }
    }

    /// As the database before an upgrade is: configuration and certificate are not in it.
    @Test func aMereCopyLeavesTheOtherFiles() async throws {
        try await withBackup(includesKey: false) { fixture, path in
            let bare = fixture.folder.path + "/bare.db"
            try Backup.extract(path, to: bare, forgettingSecrets: false)
            let certificate = FileManager.default.contents(atPath: fixture.data + "/tls-key.pem")
            _ = try Restoration(path: bare, key: .found, replaces: true).run(in: fixture.data)
            #expect(certificate != nil && FileManager.default.contents(atPath: fixture.data + "/tls-key.pem") == certificate)
            try await fixture.withDaemon { daemon in
                let ann = try await daemon.ground.accounts.find(name: "ann")
                #expect(ann != nil)
            }
        }
    }

    @Test func noBackupGoesOntoTheServerItself() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                for name in ["roost.db", "roost.db-wal", "secret.key"] {
                    let order = Backups.Order(path: fixture.data + "/" + name, includesKey: false, replaces: true)
                    await #expect(throws: StartError.self) { try await Backups.make(order, of: fixture.launch()) }
                }
                let answer = await daemon.administer(AdminRequest(service: Daemon.backup, command: "x"), by: 0)
                #expect(answer.error != nil)
            }
        }
    }
}
