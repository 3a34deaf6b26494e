import Foundation
import Logging
import MainLoop
import RoostTesting
import Settings
import Synchronization
import Testing
import Transport

@testable import Daemon

@Suite struct CertificateWatchTests {
    private func stamps(_ folder: URL, _ content: String) throws -> [FileStamp] {
        try Data(content.utf8).write(to: folder.appendingPathComponent("f"), options: .atomic)
        return [FileStamp(folder.path + "/f"), FileStamp(folder.path + "/nowhere")]
    }

    @Test func whatIsStillBeingWrittenWaits() async throws {
        try await withTestDirectory { folder in
            let (one, two, three) = (try stamps(folder, "1"), try stamps(folder, "2"), try stamps(folder, "3"))
            #expect(Set([one, two, three]).count == 3)
            var watch = CertificateWatch(loaded: one)
            #expect(watch.look(one) == .unchanged)
            #expect(watch.look(two) == .wait)
            #expect(watch.look(three) == .wait)
            #expect(watch.look(three) == .load)
            let isNews = ["bad", "bad", "worse"].map { watch.failed($0) }
            #expect(isNews == [true, false, true])
            #expect(watch.look(three) == .load)
            watch.took(three)
            #expect(watch.look(three) == .unchanged)
            // A file that comes back as it was needs nothing, and the next complaint is news again.
            _ = watch.failed("bad")
            #expect(watch.look(three) == .unchanged)
            let isNewsAgain = watch.failed("bad")
            #expect(isNewsAgain)
        }
    }
}

@Suite struct ExpiryWarningsTests {
    private let hour: Int64 = 3_600_000

    /// A certificate of ninety days.
    private func certificate(days: Double) throws -> (ServerCertificates, end: Int64) {
        let end = 1_600_000_000 + days * 86_400
        let made = try TestIRCClientCertificate(name: "irc.example.com", end: end)
        let loaded = try ServerCertificate(
            certificate: made.certificateBytes, key: made.keyBytes, certificateName: "c", keyName: "k")
        return (ServerCertificates([loaded]), Int64(end) * 1000)
    }

    @Test func eachStepOnce() throws {
        let (certificates, end) = try certificate(days: 90)
        var warnings = ExpiryWarnings()
        func due(hoursLeft: Int64) -> [Int64] { warnings.due(certificates, now: end - hoursLeft * hour).map(\.hoursLeft) }
        var given: [Int64] = []
        for left in stride(from: Int64(400), through: -100, by: -1) {
            given += due(hoursLeft: left)
        }
        #expect(given == [336, 168, 72, 24, 0])
        #expect(due(hoursLeft: 0) == [])
        // After a restart the newest step is told once more.
        warnings = ExpiryWarnings()
        #expect(due(hoursLeft: 30) == [30])
        #expect(due(hoursLeft: 29) == [])
    }

    @Test func shortOnesAreNotWarnedOfAllTheirLives() throws {
        let (certificates, end) = try certificate(days: 6)
        var warnings = ExpiryWarnings()
        let (early, late) = (warnings.due(certificates, now: end - 29 * hour), warnings.due(certificates, now: end - 28 * hour))
        #expect(early.isEmpty)
        #expect(late.map(\.names) == [["irc.example.com"]])
    }
}

/// The files, the timer and the ports together.
@Suite struct CertificateKeeperTests {
    /// Keeps what is logged.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var logger: Logger {
            Logger(label: "test") { _ in Handler(log: self) }
        }
        func count(_ event: String) -> Int { lines.withLock { $0.filter { $0 == event }.count } }

        private struct Handler: LogHandler {
            let log: Log
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.info
            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }
            func log(event: LogEvent) {
                log.lines.withLock { $0.append("\(event.message)") }
            }
        }
    }

    private func write(_ certificate: [UInt8], _ key: [UInt8], _ fixture: DaemonFixture) throws {
        try Data(certificate).write(to: fixture.folder.appendingPathComponent("c.pem"))
        try Data(key).write(to: fixture.folder.appendingPathComponent("k.pem"))
    }

    @Test func newFilesAreShownWithoutAWord() async throws {
        try await withFixture { fixture in
            let (old, new) = (try TestIRCClientCertificate(), try TestIRCClientCertificate())
            try write(old.certificateBytes, old.keyBytes, fixture)
            try fixture.configure(DaemonFixture.ports + "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n")
            let (clock, log) = (VirtualClock(), Log())
            try await fixture.withDaemon(clock: clock, logger: log.logger) { daemon in
                let port = await daemon.addresses.tls[0].port
                func shown() async throws -> String? {
                    let client = try await TestIRCClient.connect(port: port, .tls())
                    await client.close()
                    return client.serverFingerprint
                }
                #expect(try await shown() == old.fingerprint)
                // Half of the new pair: it is tried again and again, complained of once, and never shown.
                try write(new.certificateBytes, old.keyBytes, fixture)
                await clock.advance(by: .seconds(60))
                #expect(log.count("tls.certificate.refused") == 1)
                #expect(try await shown() == old.fingerprint)
                try write(new.certificateBytes, new.keyBytes, fixture)
                await clock.advance(by: .seconds(10))
                #expect(try await shown() == old.fingerprint, "just written")
                await clock.advance(by: .seconds(10))
                #expect(try await shown() == new.fingerprint)
                #expect(log.count("tls.certificate.changed") == 1)
                #expect(await daemon.certificates?.certificates.fingerprints == [new.fingerprint])
            }
        }
    }

    @Test func aReloadWithABadPairChangesNothing() async throws {
        try await withFixture { fixture in
            let (old, new) = (try TestIRCClientCertificate(), try TestIRCClientCertificate())
            try write(old.certificateBytes, old.keyBytes, fixture)
            let keys = "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n"
            try fixture.configure(DaemonFixture.ports + keys)
            try await fixture.withDaemon { daemon in
                try write(new.certificateBytes, old.keyBytes, fixture)
                try fixture.configure(DaemonFixture.ports + keys + "[server]\nnetwork = \"Other\"\n")
                guard case .refused(let problems) = await daemon.reload() else {
                    Issue.record("a pair that does not fit was taken")
                    return
                }
                #expect(problems.count == 1 && problems[0].contains("roost.toml:7:7: tls.key: the key in "), "\(problems)")
                #expect(await daemon.settings.server.network == "Roost")
                #expect(await daemon.certificates?.certificates.fingerprints == [old.fingerprint])
            }
        }
    }

    @Test func severalCertificates() async throws {
        try await withFixture { fixture in
            let (one, other) = (try TestIRCClientCertificate(), try TestIRCClientCertificate(name: "chat.example.org"))
            try write(one.certificateBytes, one.keyBytes, fixture)
            try fixture.configure(DaemonFixture.ports + "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n")
            try await fixture.withDaemon { daemon in
                let port = await daemon.addresses.tls[0].port
                for name in ["d", "e"] {
                    try Data(other.certificateBytes).write(to: fixture.folder.appendingPathComponent(name + ".pem"))
                }
                try Data(other.keyBytes).write(to: fixture.folder.appendingPathComponent("e.key"))
                let more = "[[tls.certificates]]\ncertificate = \"d.pem\"\nkey = \"d.key\"\n"
                let keys = "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n"
                try fixture.configure(DaemonFixture.ports + keys + more)
                guard case .refused(let problems) = await daemon.reload() else {
                    Issue.record("a key that is not there was taken")
                    return
                }
                #expect(problems.count == 1 && problems[0].contains("tls.certificates: cannot read "), "\(problems)")
                try fixture.configure(DaemonFixture.ports + keys + more.replacing("d.", with: "e."))
                #expect(await daemon.reload() == .done(changed: ["tls.certificates"], waiting: [], certificate: true))
                for (name, shown) in [("chat.example.org", other), ("irc.example.com", one)] {
                    let client = try await TestIRCClient.connect(port: port, .tls(name: name))
                    #expect(client.serverFingerprint == shown.fingerprint, "\(name)")
                    await client.close()
                }
            }
        }
    }
}
