import Crypto
import Foundation
import RoostTesting
import Store
import Testing

@Suite struct SecretKeyFileTests {
    private func bytes(_ key: SymmetricKey) -> Data { key.withUnsafeBytes { Data($0) } }

    private func setMode(_ mode: Int, of path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func firstRunMakesAKeyThatStays() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("secret.key").path
            let key = try SecretKeyFile.load(path: path, secretsExist: false)
            #expect(bytes(key).count == 32)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            #expect(bytes(try SecretKeyFile.load(path: path, secretsExist: true)) == bytes(key))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["secret.key"])
        }
    }

    @Test func aLostKeyIsNotReplaced() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("secret.key").path
            #expect(throws: SecretKeyFileError.missing(path)) { try SecretKeyFile.load(path: path, secretsExist: true) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o666])
    func refusesAFileOthersCanReach(_ mode: Int) async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("secret.key").path
            _ = try SecretKeyFile.load(path: path, secretsExist: false)
            try setMode(mode, of: path)
            #expect(throws: SecretKeyFileError.tooOpen(path, mode: UInt32(mode))) {
                try SecretKeyFile.load(path: path, secretsExist: true)
            }
            try setMode(0o400, of: path)
            #expect(throws: Never.self) { try SecretKeyFile.load(path: path, secretsExist: true) }
        }
    }

    @Test(arguments: ["", "roost-key-1", "roost-key-1 AAAA", "other AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])
    func refusesWhatIsNoKey(_ text: String) async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("secret.key").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try setMode(0o600, of: path)
            #expect(throws: SecretKeyFileError.malformed(path)) { try SecretKeyFile.load(path: path, secretsExist: false) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(text.utf8))
        }
    }

    @Test func saysWhatTheSystemSaid() throws {
        let path = "/nonexistent-\(UUID().uuidString)/secret.key"
        #expect(throws: SecretKeyFileError.self) { try SecretKeyFile.load(path: path, secretsExist: false) }
    }
}
