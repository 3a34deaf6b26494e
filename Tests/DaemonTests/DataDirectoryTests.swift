import Foundation
import RoostTesting
import Testing

@testable import Daemon

@Suite struct DataDirectoryTests {
    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func aNewDirectoryIsPrivate() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/a/b"
            let data = try DataDirectory.prepare(path)
            #expect(data.database == path + "/roost.db")
            #expect(try mode(path) == 0o700)
        }
    }

    @Test func anEmptyDirectoryIsClosedToOthers() async throws {
        try await withTestDirectory { folder in
            chmod(folder.path, 0o755)
            _ = try DataDirectory.prepare(folder.path)
            #expect(try mode(folder.path) == 0o700)
        }
    }

    @Test func anOpenDirectoryWithFilesIsRefused() async throws {
        try await withTestDirectory { folder in
            try Data().write(to: folder.appendingPathComponent("roost.db"))
            chmod(folder.path, 0o750)
            let error = #expect(throws: StartError.self) { try DataDirectory.prepare(folder.path) }
            #expect(
                error?.description == "\(folder.path): other users can get into the data directory; run: chmod 700 '\(folder.path)'")
            #expect(try mode(folder.path) == 0o750)
        }
    }

    @Test func aLinkStandsForItsDirectory() async throws {
        try await withTestDirectory { folder in
            try FileManager.default.createDirectory(
                atPath: folder.path + "/real", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data().write(to: folder.appendingPathComponent("real/roost.db"))
            try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: folder.path + "/real")
            #expect(try DataDirectory.prepare(folder.path + "/link").path.hasSuffix("/real"))
            chmod(folder.path + "/real", 0o755)
            #expect(throws: StartError.self) { try DataDirectory.prepare(folder.path + "/link") }
        }
    }

    @Test func aFileIsNoDirectory() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/file"
            try Data().write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: StartError.self) { try DataDirectory.prepare(path) }
            #expect(error?.description.hasPrefix("\(path): ") == true)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a directory away"))
    func aForeignDirectoryIsRefused() async throws {
        try await withTestDirectory { folder in
            chown(folder.path, 12345, 12345)
            let error = #expect(throws: StartError.self) { try DataDirectory.prepare(folder.path) }
            #expect(error?.description.contains("belongs to user 12345, and roost runs as user 0") == true)
        }
    }

    @Test func theLockKeepsASecondOneOutUntilItIsGone() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.lock"
            let first = try InstanceLock(path)
            let error = #expect(throws: StartError.self) { try InstanceLock(path) }
            #expect(error?.description.contains("another roost already runs on this data directory") == true)
            withExtendedLifetime(first) {}
        }
    }

    @Test func theLockIsFreeAfterItsHolder() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.lock"
            try withExtendedLifetime(InstanceLock(path)) {}
            try withExtendedLifetime(InstanceLock(path)) {}
            #expect(try mode(path) == 0o600)
        }
    }

    /// As while a child is being started.
    @Test func theLockIsFreeThoughADescriptorOfItIsLeft() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.lock"
            let first = try InstanceLock(path)
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.first { number in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
            }
            let copy = dup(try #require(open))
            first.release()
            #expect(throws: Never.self) { try InstanceLock(path) }
            close(copy)
        }
    }
}
