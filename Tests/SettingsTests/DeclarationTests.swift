import Foundation
import RoostTesting
import Settings
import Testing

@Suite struct DeclarationTests {
    @Test func namesAreUniqueAndSectionsAreTogether() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        #expect(Set(Setting.sections).count == Setting.sections.count)
        #expect(Set(Setting.sections) == Set(Setting.sectionSummaries.keys))
    }

    @Test func summariesAreSentences() {
        for setting in Setting.all {
            #expect(setting.summary.hasSuffix("."), "\(setting.name)")
            #expect(!setting.summary.contains("|") && !setting.detail.contains("|"), "\(setting.name) would break the table of the manual")
        }
    }

    @Test func theDefaultOfEachKeyIsAValueThatItTakes() throws {
        for setting in Setting.all {
            guard let line = setting.defaultLine else { continue }
            let settings = try SettingsParser.parse("[\(setting.section)]\n\(line)\n", file: "f", directory: "/")
            #expect(settings == Settings(), "\(setting.name)")
        }
    }

    @Test func everyKeyIsAboutAnotherValue() throws {
        let other = try SettingsParser.parse(ChangedConfiguration.text, file: "f", directory: "/")
        let change = SettingsChange(from: Settings(), to: other)
        #expect(Set(change.applied + change.waiting) == Set(Setting.all.map(\.name)))
        #expect(Set(change.applied).isDisjoint(with: change.waiting))
    }

    @Test func reloadKeepsWhatNeedsARestart() throws {
        let old = Settings()
        var new = old
        new.server.network = "Other"
        new.server.name = "irc.other.example"
        new.limits.sendQueue = 1 << 21
        let change = SettingsChange(from: old, to: new)
        #expect(change.applied == ["server.network", "limits.send_queue"])
        #expect(change.waiting == ["server.name"])
        #expect(change.settings.server.name == "irc.localhost")
        #expect(change.settings.server.network == "Other")
        #expect(SettingsChange(from: old, to: old).applied.isEmpty)
    }
}

@Suite struct WrittenFileTests {
    /// Root of the checkout.
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theExampleIsWhatInitWrites() throws {
        let example = try String(contentsOf: root.appendingPathComponent("etc/roost.toml.example"), encoding: .utf8)
        #expect(
            try StarterFile.text(domain: "irc.example.com", data: "/var/lib/roost", email: "admin@example.com") == example,
            "run `roost write-docs` in the checkout")
    }

    @Test func theManualIsUpToDate() throws {
        let manual = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
        #expect(ConfigurationReference.markdown == manual, "run `roost write-docs` in the checkout")
    }

    @Test func theStarterFileIsShortAndValid() throws {
        let text = try StarterFile.text(domain: "irc.example.com", data: "/var/lib/roost", email: "admin@example.com")
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
        let settings = try SettingsParser.parse(text, file: "f", directory: "/")
        #expect(settings.server.name == "irc.example.com")
        #expect(settings.server.network == "example.com")
        #expect(settings.data.directory == "/var/lib/roost")
        #expect(settings.broker.publicURL == "https://irc.example.com")
        #expect(settings.admin.email == "admin@example.com")
        #expect(settings.listen == Settings().listen)
    }

    @Test func theCommentedLinesOfTheStarterFileAreValidToo() throws {
        let text = try StarterFile.text(domain: "irc.example.com", data: "/d", email: "")
        let uncommented = text.split(separator: "\n").map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
        let settings = try SettingsParser.parse(uncommented.joined(separator: "\n"), file: "f", directory: "/etc")
        #expect(settings.tls.certificate == "/etc/letsencrypt/live/irc.example.com/fullchain.pem")
        #expect(settings.server.motd == "/etc/motd.txt")
        #expect(settings.broker.returnTo == ["https://chat.irc.example.com"])
    }

    @Test(arguments: ["", "localhost", "a b.example", "irc.example.com\nx"])
    func aDomainThatIsNoneIsRefused(_ domain: String) {
        #expect(throws: ValueError.self) { try StarterFile.text(domain: domain, data: "/d", email: "") }
    }

    @Test func oddTextIsQuoted() throws {
        let text = try StarterFile.text(domain: "irc.example.com", data: "/a \"b\" \\ \u{7}\u{7F}é", email: "")
        #expect(try SettingsParser.parse(text, file: "f", directory: "/").data.directory == "/a \"b\" \\ \u{7}\u{7F}é")
    }
}
