import Daemon
import Foundation
import RoostTesting
import Settings
import Testing

@Suite struct ReloadTests {
    @Test func changedKeysCountOrWait() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                try fixture.configure(DaemonFixture.ports + "[server]\nname = \"irc.other.example\"\nnetwork = \"Other\"\n")
                let outcome = await daemon.reload()
                #expect(outcome == .done(changed: ["server.network"], waiting: ["server.name"], certificate: false))
                #expect(await daemon.settings.server.network == "Other")
                #expect(await daemon.settings.server.name == "irc.localhost")
                // What waits is reported as long as it waits.
                #expect(await daemon.reload() == .done(changed: [], waiting: ["server.name"], certificate: false))
                let client = try await TestIRCClient.connect(port: daemon.addresses.plain[0].port)
                try await client.send("NICK wren\r\nUSER wren 0 * :Wren")
                try await client.next(containing: "NETWORK=Other")
                await client.close()
            }
        }
    }

    @Test func aBadFileChangesNothing() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let before = await daemon.settings
                try fixture.configure(DaemonFixture.ports + "[server]\nnetwork = \"Other\"\nmodt = \"x\"\n[limits]\nflood_rate = 0\n")
                guard case .refused(let problems) = await daemon.reload() else {
                    Issue.record("a bad file was taken")
                    return
                }
                #expect(problems.count == 2)
                #expect(problems.first?.hasSuffix("roost.toml:7:1: unknown key modt in [server]; did you mean motd?") == true)
                #expect(await daemon.settings == before)
            }
        }
    }

    @Test func anUnreadableFileNamedByAKeyChangesNothing() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                try fixture.configure(DaemonFixture.ports + "[server]\nnetwork = \"Other\"\nmotd = \"nowhere.txt\"\n")
                guard case .refused(let problems) = await daemon.reload() else {
                    Issue.record("a missing file was taken")
                    return
                }
                #expect(problems.map { $0.contains("roost.toml:7:8: server.motd: ") } == [true])
                #expect(await daemon.settings.server.network == "Roost")
            }
        }
    }

    @Test func aNewCertificateIsShownToNewConnections() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let port = await daemon.addresses.tls[0].port
                let old = try await TestIRCClient.connect(port: port, .tls())
                let certificate = try TestIRCClientCertificate(name: "irc.example.com")
                try Data(certificate.certificateBytes).write(to: fixture.folder.appendingPathComponent("c.pem"))
                try Data(certificate.keyBytes).write(to: fixture.folder.appendingPathComponent("k.pem"))
                try fixture.configure(DaemonFixture.ports + "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n")
                #expect(await daemon.reload() == .done(changed: ["tls.certificate", "tls.key"], waiting: [], certificate: true))
                let new = try await TestIRCClient.connect(port: port, .tls())
                #expect(new.serverFingerprint == certificate.fingerprint)
                #expect(old.serverFingerprint != certificate.fingerprint)
                // The old connection is not touched.
                try await old.send("NICK wren\r\nUSER wren 0 * :Wren")
                try await old.next(containing: " 001 wren ")
                await old.close()
                await new.close()
            }
        }
    }

    @Test func theMessageOfTheDayIsReadAgain() async throws {
        try await withFixture { fixture in
            let motd = fixture.folder.appendingPathComponent("motd.txt")
            try Data("first\n".utf8).write(to: motd)
            try fixture.configure(DaemonFixture.ports + "[server]\nmotd = \"motd.txt\"\n")
            try await fixture.withDaemon { daemon in
                let client = try await TestIRCClient.connect(port: daemon.addresses.plain[0].port)
                try await client.send("NICK wren\r\nUSER wren 0 * :Wren")
                try await client.next(containing: "first")
                try Data("second\n".utf8).write(to: motd)
                await daemon.reload()
                try await client.send("MOTD")
                try await client.next(containing: "second")
                await client.close()
            }
        }
    }
}
