import Settings
import Testing

@Suite struct SettingsParserTests {
    private func parse(_ text: String) throws(SettingsProblems) -> Settings {
        try SettingsParser.parse(text, file: "roost.toml", directory: "/etc/roost")
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test func nothingMeansTheDefaults() throws {
        #expect(try parse("") == Settings())
        #expect(try parse("# only a comment\n[server]\n[limits]\n") == Settings())
    }

    @Test func everySectionIsRead() throws {
        let settings = try parse(
            """
            server = { name = "irc.example.com", network = "Example", description = "Hello", motd = "motd.txt" }
            listen.plain = []
            listen.tls = ["[::1]:6697"]
            listen.http = ["127.0.0.1:0", "127.0.0.2:8080"]
            [tls]
            certificate = "/tls/chain.pem"
            key = "key.pem"
            [data]
            directory = "data"
            [identity]
            plc_directory = "http://127.0.0.1:2582/"
            dns_server = "127.0.0.1:5353"
            allow_loopback = true
            extra_ca = "ca.pem"
            [broker]
            public_url = "https://irc.example.com"
            return_to = ["https://chat.example.com", "http://localhost:5173"]
            [limits]
            send_queue = "2 MiB"
            receive_queue = 20000
            ping_interval = "90 s"
            ping_timeout = 45
            flood_control = false
            [history]
            enabled = false
            retention_days = 30
            [admin]
            location = "Here"
            email = "me@example.com"
            """)
        #expect(settings.server.name == "irc.example.com")
        #expect(settings.server.motd == "/etc/roost/motd.txt")
        #expect(settings.listen.plain.isEmpty)
        #expect(settings.listen.tls == [Endpoint(host: "::1", port: 6697)])
        #expect(settings.listen.http.map(\.port) == [0, 8080])
        #expect(settings.tls.certificate == "/tls/chain.pem")
        #expect(settings.tls.key == "/etc/roost/key.pem")
        #expect(settings.data.directory == "/etc/roost/data")
        #expect(settings.identity.plcDirectory == "http://127.0.0.1:2582")
        #expect(settings.identity.dnsServer == Endpoint(host: "127.0.0.1", port: 5353))
        #expect(settings.identity.allowLoopback)
        #expect(settings.identity.extraCA == "/etc/roost/ca.pem")
        #expect(settings.broker.returnTo == ["https://chat.example.com", "http://localhost:5173"])
        #expect(settings.limits.sendQueue == 2 << 20)
        #expect(settings.limits.receiveQueue == 20000)
        #expect(settings.limits.pingInterval == .seconds(90))
        #expect(settings.limits.pingTimeout == .seconds(45))
        #expect(!settings.limits.floodControl && !settings.history.enabled)
        #expect(settings.history.retentionDays == 30)
        #expect(settings.admin.email == "me@example.com")
    }

    @Test(arguments: [
        ("true", Settings.Accounts.Registration.open), ("false", .off), ("\"invite\"", .invite), ("\"off\"", .off), ("\"open\"", .open),
    ])
    func registrationIsAWordAndWasABoolean(_ text: String, _ expected: Settings.Accounts.Registration) throws {
        #expect(try parse("[accounts]\nregistration = \(text)").accounts.registration == expected)
    }

    @Test func emptyTextUnsetsWhatMayBeUnset() throws {
        let settings = try parse("[server]\nmotd = \"\"\n[identity]\ndns_server = \"\"\n")
        #expect(settings == Settings())
    }

    @Test func aPasswordInPlainIsRefusedAndNotRepeated() {
        let found = problems("[server]\npassword = \"hunter2\"\n")
        #expect(found.count == 1)
        #expect(found.first.map { "\($0)" }?.contains("roost hash-password") == true)
        #expect(found.first.map { "\($0)" }?.contains("hunter2") == false)
    }

    @Test func allMistakesAtOnceInTheOrderOfTheFile() {
        let found = problems(
            """
            [server]
            naem = "irc.example.com"
            name = 3
            [limits]
            send_queue = "1 MB"
            nick_length = 0
            whatever_this_is = 1
            [lisen]
            plain = []
            [listen]
            tls = [
                "0.0.0.0:6697",
                "localhost:6697",
                7,
            ]
            """)
        #expect(
            found == [
                "roost.toml:2:1: unknown key naem in [server]; did you mean name?",
                "roost.toml:3:8: server.name: must be a host name with a dot, such as \"irc.example.com\", not a whole number",
                "roost.toml:5:14: limits.send_queue: \"1 MB\" is no size; write a whole number with B, KiB, MiB or GiB, such as \"64 KiB\"",
                "roost.toml:6:15: limits.nick_length: must be a whole number from 1 to 64, not 0",
                "roost.toml:7:1: unknown key whatever_this_is in [limits]",
                "roost.toml:8:2: unknown section [lisen]; did you mean [listen]?",
                "roost.toml:13:5: listen.tls: \"localhost\" is not an IP address; names are not looked up here",
                "roost.toml:14:5: listen.tls: must be an address with a port, such as \"127.0.0.1:6667\" or \"[::]:6697\", not a whole number",
            ])
    }

    @Test(arguments: [
        ("nick_length = 3", "roost.toml:1:1: unknown key nick_length outside of any section; it belongs below [limits]"),
        ("[server]\nnick_length = 3", "roost.toml:2:1: unknown key nick_length in [server]; it belongs below [limits]"),
        ("server = 3", "roost.toml:1:1: server must be a section, written [server], not a whole number"),
        ("[[server]]", "roost.toml:1:3: server must be a section, written [server], not a list"),
        (
            "[server]\nname = \"chat\"",
            "roost.toml:2:8: server.name: \"chat\" needs a dot, as in \"irc.chat\": clients take it for a nickname otherwise"
        ),
        (
            "[server]\nnetwork = \"a b\"",
            "roost.toml:2:11: server.network: \"a b\" must be one word of letters, digits and signs, without spaces"
        ),
        ("[history]\nenabled = \"yes\"", "roost.toml:2:11: history.enabled: must be true or false, not text"),
        (
            "[limits]\nping_interval = 1979-05-27",
            "roost.toml:2:17: limits.ping_interval: must be a time from \"1 s\" to \"1 h\", not a date"
        ),
        ("[limits]\nping_interval = \"2 h\"", "roost.toml:2:17: limits.ping_interval: must be a time from \"1 s\" to \"1 h\""),
        (
            "[limits]\nflood_rate = 1.5",
            "roost.toml:2:14: limits.flood_rate: must be a whole number from 1 to 10000, not a floating-point number"
        ),
        ("[admin]\nemail = \"a\\nb\"", "roost.toml:2:9: admin.email: must be one line without control characters"),
        ("[tls]\nkey = \"k.pem\"", "roost.toml:2:7: tls.key: a key needs its certificate: set tls.certificate too"),
        ("[tls]\ncertificate = \"c.pem\"", "roost.toml:2:15: tls.certificate: a certificate needs its key: set tls.key too"),
        (
            "[broker]\npublic_url = \"http://irc.example.com\"",
            "roost.toml:2:14: broker.public_url: \"http://irc.example.com\" must start with https://; "
                + "http is allowed only for http://127.0.0.1 and http://[::1]"
        ),
        (
            "[broker]\npublic_url = \"https://irc.example.com:8443\"",
            "roost.toml:2:14: broker.public_url: \"https://irc.example.com:8443\" must be a public host name without a port, "
                + "such as \"https://irc.example.com\""
        ),
        (
            "[broker]\nreturn_to = [\"https://a.example\", \"http://a.example\"]",
            "roost.toml:2:35: broker.return_to: \"http://a.example\" must start with https://; http is allowed only for this machine"
        ),
        (
            "[identity]\nplc_directory = \"http://127.0.0.1\"",
            "roost.toml:2:17: identity.plc_directory: must start with https:// (http is only for development, with identity.allow_loopback)"
        ),
        ("[listen]\nplain=[]\ntls=[]\nhttp=[]", "roost.toml:3:5: listen.tls: nothing to listen on: plain, tls and http are all empty"),
        (
            "[listen]\nhttp = [\"127.0.0.1:6667\"]",
            "roost.toml:2:8: listen.http: 127.0.0.1:6667 cannot be listened on beside 127.0.0.1:6667 of listen.plain"
        ),
    ])
    func oneMistake(_ text: String, _ message: String) {
        #expect(problems(text) == [message])
    }

    @Test func brokenTOMLHasAPlace() throws {
        let error = #expect(throws: SettingsProblems.self) { try parse("[server]\nname = \"a\nnetwork = 3\n") }
        let problem = try #require(error?.list.first)
        #expect(error?.list.count == 1)
        #expect(problem.position?.line == 2)
        #expect(problem.message.hasPrefix("not valid TOML: "))
    }

    @Test func listsAreBounded() {
        let list = (1...65).map { "\"127.0.0.1:\($0)\"" }.joined(separator: ",")
        #expect(problems("[listen]\nplain = [\(list)]") == ["roost.toml:2:9: listen.plain: more than 64 elements"])
    }

    @Test func warnsOfWhatIsForDevelopment() throws {
        #expect(Settings().warnings.isEmpty)
        var reachable = Settings()
        for (address, ports, part) in [
            ("http://127.0.0.1:8081", ["127.0.0.1:8080"], "names port 8081, but listen.http has 8080"),
            ("http://localhost", ["127.0.0.1:8080", "[::1]:8082"], "names port 80, but listen.http has 8080 and 8082"),
            ("https://irc.example.com", [], "nothing answers there"), ("https://irc.example.com", ["127.0.0.1:8080"], nil),
            ("http://127.0.0.1:8080", ["127.0.0.1:0"], nil),
        ] as [(String, [String], String?)] {
            reachable.broker.publicURL = address
            reachable.listen.http = try ports.map { text throws(ValueError) in try Endpoint(text) }
            #expect(reachable.warnings.count == (part == nil ? 0 : 1) && reachable.warnings.first?.contains(part ?? "") != false)
        }
        let settings = try parse(
            """
            [identity]
            allow_loopback = true
            dns_server = "127.0.0.1:53"
            extra_ca = "/ca.pem"
            plc_directory = "https://plc.test"
            [listen]
            plain = ["0.0.0.0:6667"]
            """)
        #expect(settings.warnings.count == 5)
        #expect(settings.warnings.filter { $0.hasPrefix("DEVELOPMENT ONLY: identity.") }.count == 4)
    }

    @Test func warnsOfTokensThatOpenAccountsElsewhere() throws {
        let settings = try parse("[identity]\npds_methods = true")
        #expect(settings.warnings.count == 1 && settings.warnings.first?.hasPrefix("identity.pds_methods: ") == true)
    }
}
