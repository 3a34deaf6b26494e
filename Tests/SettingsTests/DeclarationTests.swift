import Foundation
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
        let other = try SettingsParser.parse(changedFile, file: "f", directory: "/")
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

    /// A file in which no key has its default.
    private let changedFile = """
        [server]
        name = "irc.example.com"
        network = "Other"
        description = "Other"
        motd = "/m"
        icon = "https://example.com/i.png"
        denied_client_tags = ["*"]
        web_push = false
        token_services = ["FILEHOST https://files.example.com 203.0.113.5 Uploads of files"]
        default_user_modes = "+i"
        password = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
        [listen]
        plain = []
        tls = []
        http = ["127.0.0.1:1"]
        proxies = ["10.0.0.0/8"]
        proxy_header = "required"
        gateways = ["a b 203.0.113.5"]
        [tls]
        certificate = "/c"
        key = "/k"
        sts_port = 6697
        sts_duration = 60
        [data]
        directory = "/d"
        key_credential = "roost.key"
        [identity]
        plc_directory = "https://plc.test"
        dns_server = "127.0.0.1:1"
        allow_loopback = true
        service_method = "com.example.login"
        bare_service_did = true
        extra_ca = "/e"
        [broker]
        session_idle_days = 7
        session_days = 30
        public_url = "https://a.example"
        return_to = ["https://b.example"]
        [limits]
        connections_per_address = 1
        registration_timeout = 1
        ping_interval = 1
        ping_timeout = 1
        send_queue = "16 KiB"
        send_queue_age = 1
        receive_queue = "16 KiB"
        flood_control = false
        flood_burst = 1
        flood_rate = 1
        channels_per_client = 1
        list_entries = 1
        metadata_keys = 1
        metadata_subscriptions = 1
        multiline_bytes = 1000
        multiline_lines = 9
        monitor_entries = 1
        targets = 1
        whowas_entries = 1
        shutdown_timeout = 1
        nick_length = 9
        user_length = 9
        realname_length = 9
        channel_length = 9
        topic_length = 9
        kick_length = 9
        away_length = 9
        quit_length = 9
        key_length = 9
        [accounts]
        operators = ["did:plc:aliceaaaaaaaaaaaaaaaaaaa"]
        allowed = ["did:web:example.com", "example.com", "ann"]
        recheck_minutes = 5
        registration = "invite"
        did_passwords = true
        before_connect = false
        custom_name = true
        password_length = 9
        hash_memory = "32 MiB"
        hash_passes = 3
        hash_lanes = 2
        scram = true
        scram_iterations = 700000
        per_hour = 1
        require_email = true
        mailer = "/m"
        reserve_nicks = false
        nicknames = 1
        channels = 1
        always_on = "mandatory"
        auto_away = false
        always_on_days = 1
        [history]
        enabled = false
        events = false
        retention_messages = 1
        join_notice = false
        join_replay = 1
        catch_up = 1
        retention_days = 1
        page = 1
        commit_delay = "1 ms"
        [dnsbl]
        lists = ["bl.example.org 2-3 mark"]
        exempt = ["192.0.2.0/24"]
        [admin]
        location = "a"
        organisation = "a"
        email = "a"
        """
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
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 56)
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
