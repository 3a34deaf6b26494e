import Crypto
import Foundation
import RoostTesting
import Testing

@testable import Store

@Suite struct SecretKeyFileTests {
    private func line(_ key: SecretKey) -> String { SecretKeys(key).text }

    private func setMode(_ mode: Int, of path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// Runs `body` with the path of a key file that holds `text`; nil: there is none.
    private func withFile(
        _ text: String?, owner: SecretKeyFile.Owner = .server, _ body: (SecretKeyFile) async throws -> Void
    ) async throws {
        try await withTestDirectory { directory in
            let file = SecretKeyFile(directory.appendingPathComponent("secret.key").path, owner: owner)
            if let text {
                try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
                try setMode(0o600, of: file.path)
            }
            try await body(file)
        }
    }

    @Test func firstRunMakesAKeyThatStays() async throws {
        try await withFile(nil) { file in
            let keys = try file.load(secretsExist: false)
            #expect(keys.former == nil)
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
            #expect(try file.load(secretsExist: true) == keys)
            let folder = (file.path as NSString).deletingLastPathComponent
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["secret.key"])
        }
    }

    @Test func aLostKeyIsNotReplaced() async throws {
        try await withFile(nil) { file in
            #expect(throws: SecretKeyFileError.missing(file.path)) { try file.load(secretsExist: true) }
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func twoKeysAreTheNewAndTheOld() async throws {
        let (new, old) = (SecretKey(), SecretKey())
        try await withFile(line(new) + "\n" + line(old)) { file in
            let keys = try file.load(secretsExist: true)
            #expect(keys == SecretKeys(new, former: old))
            #expect(keys.key(new.identifier) == new && keys.key(old.identifier) == old && keys.key(SecretKey().identifier) == nil)
            try file.replace(with: SecretKeys(new))
            #expect(try file.load(secretsExist: true) == SecretKeys(new))
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        }
        try await withFile(line(new) + line(old) + line(new)) { file in
            #expect(throws: SecretKeyFileError.malformed(file.path)) { try file.load(secretsExist: true) }
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o666])
    func refusesAFileOthersCanReach(_ mode: Int) async throws {
        try await withFile(line(SecretKey())) { file in
            try setMode(mode, of: file.path)
            #expect(throws: SecretKeyFileError.tooOpen(file.path, mode: UInt32(mode))) { try file.load(secretsExist: true) }
            try setMode(0o400, of: file.path)
            #expect(throws: Never.self) { try file.load(secretsExist: true) }
        }
    }

    @Test(arguments: [
        "", "roost-key-1", "roost-key-1 %%%%", "other AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "roost-key-1 AAAA AAAA",
        String(repeating: "\n", count: 600),
    ])
    func refusesWhatIsNoKey(_ text: String) async throws {
        try await withFile(text) { file in
            #expect(throws: SecretKeyFileError.malformed(file.path)) { try file.load(secretsExist: false) }
            let left = try Data(contentsOf: URL(fileURLWithPath: file.path))
            #expect(left == Data(text.utf8))
        }
    }

    @Test(arguments: [0, 3, 16, 31, 33, 64])
    func refusesAKeyOfAnotherLength(_ length: Int) async throws {
        let text = "roost-key-1 \(Data(count: length).base64EncodedString())"
        try await withFile(text) { file in
            let expected: SecretKeyFileError = length == 0 ? .malformed(file.path) : .length(file.path, length)
            #expect(throws: expected) { try file.load(secretsExist: false) }
        }
        // The old key is looked at as closely.
        try await withFile(line(SecretKey()) + text) { file in
            #expect(throws: SecretKeyFileError.self) { try file.load(secretsExist: false) }
        }
    }

    @Test func saysWhatTheSystemSaid() throws {
        let file = SecretKeyFile("/nonexistent-\(UUID().uuidString)/secret.key")
        #expect(throws: SecretKeyFileError.self) { try file.load(secretsExist: false) }
    }

    @Test func aCredentialIsReadAndNeverWritten() async throws {
        let key = SecretKey()
        try await withFile(line(key), owner: .systemd) { file in
            // As systemd shows a file with an access list for the user of the unit.
            try setMode(0o440, of: file.path)
            #expect(try file.load(secretsExist: false) == SecretKeys(key))
            #expect(throws: SecretKeyFileError.readOnly(file.path)) { try file.replace(with: SecretKeys(SecretKey())) }
            #expect(try file.load(secretsExist: false) == SecretKeys(key))
            for mode in [0o444, 0o460, 0o644] {
                try setMode(mode, of: file.path)
                #expect(throws: SecretKeyFileError.tooOpen(file.path, mode: UInt32(mode))) { try file.load(secretsExist: false) }
            }
        }
        try await withFile(nil, owner: .systemd) { file in
            #expect(throws: SecretKeyFileError.noCredential(file.path)) { try file.load(secretsExist: false) }
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }
}
