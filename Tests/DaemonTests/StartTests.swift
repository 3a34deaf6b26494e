import Daemon
import Foundation
import NIOCore
import NIOPosix
import RoostTesting
import Settings
import Store
import Testing

@Suite struct StartTests {
    @Test func aNewServerAnswersOnAllItsPorts() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let addresses = await daemon.addresses
                let plain = try await TestIRCClient.connect(port: addresses.plain[0].port)
                try await plain.send("NICK wren\r\nUSER wren 0 * :Wren")
                try await plain.next(containing: " 001 wren ")
                let tls = try await TestIRCClient.connect(port: addresses.tls[0].port, .tls())
                #expect(tls.serverFingerprint?.count == 64)
                let web = try await TestIRCClient.connect(port: addresses.http[0].port, .webSocket())
                try await web.send("PING here")
                await plain.close()
                await tls.close()
                await web.close()
            }
        }
    }

    @Test func theFirstStartTellsTheCodeAndTheSecondDoesNot() async throws {
        try await withFixture { fixture in
            var text = ""
            try await fixture.withDaemon { daemon in text = try #require(await daemon.banner).text }
            let code = try #require(text.split(separator: "/OPER owner ").last?.prefix(23))
            #expect(code.split(separator: "-").map(\.count) == [5, 5, 5, 5])
            try await fixture.withDaemon { daemon in #expect(await daemon.banner == nil) }

            let database = try RoostDatabase(path: fixture.data + "/roost.db")
            let stored = try #require(try await ServerStateStore(database).get(ServerStateStore.operatorClaim))
            #expect(!String(decoding: stored, as: UTF8.self).contains(code))
            try database.close()
        }
    }

    @Test func theCodeClaimsTheServerOnce() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let code = try #require(await daemon.banner).claimCode
                let port = await daemon.addresses.plain[0].port
                let owner = try await TestIRCClient.connect(port: port)
                try await owner.send("NICK wren\r\nUSER wren 0 * :Wren\r\nOPER owner WRONG-CODE")
                try await owner.next(containing: " 464 wren ")
                try await owner.send("OPER owner \(code)")
                try await owner.next(containing: " 381 wren ")
                let other = try await TestIRCClient.connect(port: port)
                try await other.send("NICK robin\r\nUSER robin 0 * :Robin\r\nOPER owner \(code)")
                try await other.next(containing: " 464 robin ")
                await owner.close()
                await other.close()
            }
        }
    }

    @Test func everyFileIsPrivate() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { _ in
                for name in try FileManager.default.contentsOfDirectory(atPath: fixture.data) {
                    let mode = try FileManager.default.attributesOfItem(atPath: fixture.data + "/" + name)[.posixPermissions] as? Int
                    #expect(mode == 0o600, "\(name)")
                }
            }
        }
    }

    @Test func aBusyPortStopsTheWholeStart() async throws {
        try await withFixture { fixture in
            let blocker = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
            let busy = try #require(blocker.localAddress?.port)
            let free = try await TestPorts.free()
            try fixture.configure("[listen]\nplain = [\"127.0.0.1:\(free)\"]\ntls = [\"127.0.0.1:\(busy)\"]\nhttp = []\n")
            let error = await #expect(throws: StartError.self) { try await fixture.withDaemon { _ in } }
            #expect(error?.description.hasPrefix("listen.tls: cannot listen on 127.0.0.1:\(busy): ") == true, "\(error?.description ?? "")")
            await #expect(throws: (any Error).self) { try await TestIRCClient.connect(port: free) }
            try await blocker.close()
            // Nothing is left behind: neither the lock nor the free port, and the first run is still to come.
            try await fixture.withDaemon { daemon in
                #expect(await daemon.addresses.plain.map(\.port) == [free])
                #expect(await daemon.banner != nil)
            }
        }
    }

    @Test func twoServersNeverShareData() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { _ in
                let error = await #expect(throws: StartError.self) { try await fixture.withDaemon { _ in } }
                #expect(error?.description.contains("another roost already runs") == true)
            }
        }
    }

    @Test func aLostKeyIsNamed() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { _ in }
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: fixture.data + "/secret.key"))
            let error = await #expect(throws: StartError.self) { try await fixture.withDaemon { _ in } }
            #expect(error?.description.contains(fixture.data + "/secret.key") == true)
        }
    }

    @Test func stoppingSaysGoodbyeAndClosesThePorts() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let port = await daemon.addresses.plain[0].port
                let client = try await TestIRCClient.connect(port: port)
                try await client.send("NICK wren\r\nUSER wren 0 * :Wren")
                try await client.next(containing: " 001 wren ")
                await daemon.stop()
                try await client.next(containing: "ERROR :Closing link")
                _ = try await client.end()
                await #expect(throws: (any Error).self) { try await TestIRCClient.connect(port: port) }
                await daemon.stop()
            }
        }
    }
}
