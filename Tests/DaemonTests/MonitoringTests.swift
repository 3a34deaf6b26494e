import Admin
import Foundation
import Logging
import MainLoop
import RoostTesting
import Settings
import Sidecar
import Testing

@testable import Daemon

/// What a running server tells monitoring, and what the files in contrib make of it.
@Suite struct MonitoringTests {
    /// Root of the checkout.
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func read(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Name, type and help of each metric on a page, in their order.
    private func metrics(on page: String) -> [(name: String, type: String, help: String)] {
        let lines = page.split(separator: "\n")
        return zip(lines, lines.dropFirst()).compactMap { help, type in
            guard help.hasPrefix("# HELP "), type.hasPrefix("# TYPE ") else { return nil }
            let words = help.dropFirst(7).split(separator: " ", maxSplits: 1)
            return (String(words[0]), String(type.split(separator: " ")[3]), String(words[1]))
        }
    }

    private func value(_ sample: String, on page: String) -> Double? {
        page.split(separator: "\n").first { $0.hasPrefix(sample + " ") }.flatMap { Double($0.split(separator: " ").last ?? "") }
    }

    @Test func theCountsFollowWhatHappens() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let client = try await TestIRCClient.connect(port: daemon.addresses.plain[0].port)
                try await client.send(
                    "NICK wren\r\nUSER wren 0 * :Wren\r\nJOIN #nest\r\nPRIVMSG #nest :hello\r\nNOTICE wren :me\r\nNONSENSE")
                try await client.next(containing: " 421 wren ")
                try await client.send("PRIVMSG NickServ :IDENTIFY nobody wrong-password")
                try await client.next(containing: "NOTICE wren ")
                let page = await daemon.metrics()
                #expect(value(#"roost_connections{transport="tcp",state="registered"}"#, on: page) == 1)
                #expect(value(#"roost_connections_opened_total{transport="tcp"}"#, on: page) == 1)
                #expect(value("roost_clients", on: page) == 1 && value("roost_channels", on: page) == 1)
                #expect(value("roost_memberships", on: page) == 1)
                #expect(value(#"roost_messages_total{kind="privmsg",target="channel"}"#, on: page) == 1)
                #expect(value(#"roost_messages_total{kind="notice",target="person"}"#, on: page) == 1)
                #expect(value(#"roost_commands_total{command="JOIN"}"#, on: page) == 1)
                #expect(value(#"roost_command_duration_seconds_count{command="JOIN"}"#, on: page) == 1)
                #expect(value("roost_commands_unknown_total", on: page) == 1)
                #expect(value(#"roost_logins_total{mechanism="password",result="rejected"}"#, on: page) == 1)
                #expect(try #require(value("roost_password_hash_seconds_count", on: page)) >= 1)
                #expect(try #require(value("roost_lines_received_total", on: page)) >= 6)
                #expect(try #require(value("roost_sent_bytes_total", on: page)) > 100)
                #expect(try #require(value("roost_database_commit_seconds_count", on: page)) >= 1)
                #expect(try #require(value("roost_database_bytes", on: page)) > 0)
                #expect(try #require(value("process_open_fds", on: page)) > 3)
                let own = "roost_tls_certificate_expiry_timestamp_seconds{certificate=\""
                let expiry = try #require(
                    page.split(separator: "\n").first { $0.hasPrefix(own) }?.split(separator: " ").last.flatMap { Double($0) })
                #expect(expiry > Date().timeIntervalSince1970)
                try await client.send("QUIT")
                _ = try await client.end()
                #expect(value(#"roost_connections_closed_total{cause="quit"}"#, on: await daemon.metrics()) == 1)
            }
        }
    }

    @Test func namesFollowTheConventions() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let metrics = metrics(on: await daemon.metrics())
                #expect(metrics.count > 50 && Set(metrics.map(\.name)).count == metrics.count)
                for metric in metrics {
                    #expect(metric.name.hasPrefix("roost_") || metric.name.hasPrefix("process_"), "\(metric.name)")
                    #expect(metric.name.wholeMatch(of: /[a-z][a-z_]*/) != nil, "\(metric.name)")
                    #expect((metric.type == "counter") == metric.name.hasSuffix("_total"), "\(metric.name)")
                    if metric.type == "histogram" { #expect(metric.name.hasSuffix("_seconds"), "\(metric.name)") }
                    #expect(metric.help.hasSuffix("."), "\(metric.name)")
                }
                let manual = try read("docs/operating.md")
                for metric in metrics where metric.name.hasPrefix("roost_") {
                    #expect(manual.contains("| `\(metric.name)` | \(metric.type) |"), "\(metric.name) is not in docs/operating.md")
                }
            }
        }
    }

    @Test(arguments: ["contrib/grafana/roost.json", "contrib/prometheus/roost.rules.yml"])
    func theFilesInContribNameMetricsThatThereAre(_ path: String) async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let metrics = metrics(on: await daemon.metrics())
                var known = Set(metrics.map(\.name))
                for metric in metrics where metric.type == "histogram" {
                    for suffix in ["_bucket", "_sum", "_count"] { known.insert(metric.name + suffix) }
                }
                let named = Set(try read(path).matches(of: /\b(?:roost|process)_[a-z_]+/).map { String($0.output) })
                #expect(named.count > 5)
                #expect(named.subtracting(known).isEmpty, "\(named.subtracting(known).sorted())")
            }
        }
    }

    @Test func theDashboardIsJSONWithPanels() throws {
        let json = try JSONSerialization.jsonObject(with: Data(read("contrib/grafana/roost.json").utf8)) as? [String: Any]
        let panels = try #require(json?["panels"] as? [[String: Any]])
        #expect(panels.count > 8)
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
    }

    @Test func aServerThatStopsIsNotReady() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                #expect(await daemon.readiness().isReady)
                await daemon.stop(reason: "bye", restarting: false)
                #expect(await daemon.readiness().checks == ["listeners": "ok", "database": "ok", "server": "stopping"])
                await daemon.stop()
                #expect(await daemon.readiness().checks["listeners"] == "closed")
            }
        }
    }

    @Test func theLogLevelChangesWhileTheServerRuns() async throws {
        try await withFixture { fixture in
            let level = LogLevel(.warning)
            let logger = Logger(label: "test") { _ in StandardErrorLog(format: .text, level: level, isJournal: false) { _ in } }
            let daemon = try await Daemon.start(fixture.launch(), logger: logger, logLevel: level)
            #expect(await daemon.administer(.init(service: "loglevel", command: ""), by: 0).lines == ["The log level is warning"])
            #expect(await daemon.administer(.init(service: "loglevel", command: "debug"), by: 0).lines == ["The log level is debug"])
            #expect(level.value == .debug && logger.logLevel == .debug)
            let wrong = await daemon.administer(.init(service: "loglevel", command: "loud"), by: 0)
            #expect(wrong.refused == true && wrong.lines?.first?.contains("write one of trace, ") == true)
            // A reload that says nothing new of it leaves it alone.
            await daemon.reload()
            #expect(level.value == .debug)
            try fixture.configure(DaemonFixture.ports + "[log]\nlevel = \"error\"\n")
            #expect(await daemon.reload() == .done(changed: ["log.level"], waiting: [], certificate: false))
            #expect(level.value == .error)
            await daemon.stop()
        }
    }
}

@LoopActor @Suite struct DiskProbeTests {
    private let clock = VirtualClock()

    @Test func theAnswerCountsForAWhile() async {
        let disk = FakeDisk()
        let probe = DiskProbe(clock: clock) { try await disk.write() }
        #expect(await probe.state() == .ok && disk.writes == 1)
        disk.fails = true
        #expect(await probe.state() == .ok && disk.writes == 1)
        clock.advance(by: DiskProbe.interval)
        #expect(await probe.state() == .failing && disk.writes == 2)
        disk.fails = false
        clock.advance(by: DiskProbe.interval)
        #expect(await probe.state() == .ok)
    }

    @Test func aDiskThatHangsIsAskedOnce() async {
        let disk = FakeDisk()
        let probe = DiskProbe(clock: clock) { try await disk.write() }
        disk.hangs = true
        let first = Task { @LoopActor in await probe.state() }
        while disk.held == nil { await Task.yield() }
        clock.advance(by: DiskProbe.patience)
        #expect(await first.value == .slow)
        clock.advance(by: DiskProbe.interval)
        #expect(await probe.state() == .slow && disk.writes == 1)
        disk.hangs = false
        disk.held?.resume()
        while await probe.state() != .ok { await Task.yield() }
    }

    @LoopActor
    private final class FakeDisk {
        var writes = 0
        var fails = false
        var hangs = false
        var held: CheckedContinuation<Void, Never>?

        func write() async throws {
            writes += 1
            if hangs { await withCheckedContinuation { held = $0 } }
            if fails { throw CancellationError() }
        }
    }
}
