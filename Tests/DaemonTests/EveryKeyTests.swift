import Admin
import Foundation
import IRCProtocol
import RoostTesting
import Server
import Sidecar
import Testing
import Transport

@testable import Daemon
@testable import Settings

/// No changed key is ignored by a reload.
@Suite struct EveryKeyTests {
    /// What the parts of a running server are given at a reload.
    private struct Given: Equatable {
        let server: ServerConfiguration
        let sidecar: SidecarConfiguration
        let proxies: TrustedProxies
        let certificates: [CertificateFiles]
        let acme: Settings.ACME

        init(_ settings: Settings) {
            server = ServerConfiguration(settings, motd: settings.server.motd.map { [$0] } ?? [])
            sidecar = SidecarConfiguration(settings)
            proxies = TrustedProxies(settings.listen)
            certificates = CertificateFiles.named(settings)
            acme = settings.acme
        }
    }

    /// Looked up in the settings in force each time they are needed: by the hourly deletion, by the stop, and by the reload.
    private let lookedUp: Set = ["history.retention_messages", "limits.shutdown_timeout", "log.level"]

    @Test func countsAtOnceOrIsReportedToWait() throws {
        let changed = try SettingsParser.parse(ChangedConfiguration.text, file: "f", directory: "/")
        // Keys that mean something only together with others have those.
        var old = Settings()
        (old.tls.certificate, old.tls.key, old.tls.stsPort) = ("/old", "/old", 1)
        old.operators.classes = ["helper", "base"].map { OperatorClass(name: $0, privileges: [.audit]) }
        (old.acme.externalAccountID, old.acme.externalAccountKey) = ("old", "b2xk")
        let needOthers: Set = ["accounts.require_email", "acme.domains"]
        for setting in Setting.all {
            var new = old
            setting.copy(changed, &new)
            let change = SettingsChange(from: old, to: new)
            switch setting.effect {
            case .restart:
                #expect(change.waiting == [setting.name] && change.applied.isEmpty && change.settings == old)
            case .reload:
                #expect(change.waiting.isEmpty || needOthers.contains(setting.name), "\(setting.name)")
                #expect(lookedUp.contains(setting.name) || Given(old) != Given(new), "\(setting.name) is given to nobody")
            }
        }
    }

    @Test func theAdminSocketReloadsAndListsWhatIsWrong() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let request = AdminRequest(service: "rehash", command: "")
                #expect(await daemon.administer(request, by: 0) == AdminAnswer(lines: ["No setting has changed."]))
                try fixture.configure(DaemonFixture.ports + "[server]\nname = \"irc.other.example\"\nnetwork = \"Other\"\n")
                #expect(
                    await daemon.administer(request, by: 0)
                        == AdminAnswer(lines: ["Changed: server.network", "Only after a restart: server.name"]))
                try fixture.configure(DaemonFixture.ports + "[server]\nnetwork = 3\nmotd = \"nowhere.txt\"\n[admin]\nemial = \"a\"\n")
                let refused = await daemon.administer(request, by: 0)
                let places = (refused.lines ?? []).dropFirst().map { $0.split(separator: "roost.toml").last?.prefix(20) }
                #expect(refused.refused == true)
                #expect(places == [":6:11: server.networ", ":7:8: server.motd: /", ":9:1: unknown key em"])
            }
        }
    }

    @Test func theEnvironmentCountsMoreThanTheFileAfterAReloadToo() async throws {
        try await withFixture { fixture in
            let places = DefaultPlaces(environment: ["ROOST_SERVER_NETWORK": "Mine"], isRoot: false)
            let launch = try Launch.resolve(configuration: fixture.file, data: fixture.data, places: places)
            #expect(launch.settings.server.network == "Mine")
            try await fixture.withDaemon(launch) { daemon in
                try fixture.configure(DaemonFixture.ports + "[server]\nnetwork = \"Other\"\ndescription = \"Other\"\n")
                #expect(await daemon.reload() == .done(changed: ["server.description"], waiting: [], certificate: false))
                #expect(await daemon.settings.server.network == "Mine")
            }
        }
    }
}
