import Settings
import Testing

/// One mistake does not hide another.
@Suite struct AllMistakesTests {
    private func found(_ text: String) -> [String] {
        SettingsParser.read(text, file: "f", directory: "/").problems.map { problem in
            "\(problem.position?.line ?? 0) \(problem.message.prefix { $0 != ":" })"
        }
    }

    @Test func contradictionsBesideWrongValues() {
        #expect(
            found("[limits]\nflood_rate = 0\n[tls]\ncertificate = \"c\"\n[listen]\nhttp = [\"127.0.0.1:6667\"]\n")
                == ["2 limits.flood_rate", "4 tls.certificate", "6 listen.http"])
    }

    /// What cannot be read may be anything: nothing is said of what depends on it.
    @Test func nothingIsSaidOfWhatDependsOnAWrongValue() {
        #expect(found("[tls]\ncertificate = \"c\"\nkey = 3\n") == ["3 tls.key"])
        #expect(found("[listen]\nplain = 3\nhttp = [\"127.0.0.1:6667\"]\n") == ["2 listen.plain"])
    }

    @Test func aSyntaxErrorHidesItsSectionOnly() {
        #expect(
            found("[server]\nname = \"a\nnaem = 1\n[limits]\nflood_rate = 0\n[histroy]\n[tls]\nkey = = 2\n[admin]\nx = 1\n")
                == [
                    "2 not valid TOML", "5 limits.flood_rate", "6 unknown section [histroy]; did you mean [history]?", "8 not valid TOML",
                    "10 unknown key x in [admin]",
                ])
    }

    @Test func anOpenListDoesNotTakeTheNextSectionAlong() {
        let mistakes = found("[listen]\nplain = [\n\"127.0.0.1:1\"\n[limits]\nflood_rate = 0\n")
        #expect(mistakes.count == 2)
        #expect(mistakes.last == "5 limits.flood_rate")
    }

    @Test func aBrokenHeaderDoesNotHideTheRest() {
        let mistakes = found("[server\nnetwork = \"a\"\n[limits]\nflood_rate = 0\n")
        #expect(mistakes.contains("4 limits.flood_rate"))
        #expect(mistakes.filter { $0.hasSuffix("not valid TOML") }.count == 1)
    }

    @Test func linesMayEndAsOnWindows() {
        #expect(
            found("[server]\r\nname = \"a\r\n[limits]\r\nflood_rate = 0\r\n") == ["2 not valid TOML", "4 limits.flood_rate"])
    }

    /// A key twice, and a section twice.
    @Test func doublesAreErrorsWithAPlace() {
        #expect(found("[server]\nnetwork = \"a\"\nnetwork = \"b\"\n[limits]\nflood_rate = 0\n").count == 2)
        let twice = found("[limits]\ntargets = 2\n[server]\nnetwork = 1\n[limits]\nflood_rate = 0\n")
        #expect(twice.contains { $0.hasSuffix("not valid TOML") } && twice.contains("4 server.network"))
    }

    /// Whatever the text is, reading it comes to an end and says something.
    @Test(arguments: [
        "\"\"\"", "[", "[[", "]", "= 1", "a = \"\"\"\n[server]\nb = 1\n", "[server]\nx = '''\n[limits]\ny = 1", "\u{0}", "[a]\n[a]\n[a]\n",
    ])
    func hopelessTextIsOneError(_ text: String) {
        #expect(found(text).contains { $0.hasSuffix("not valid TOML") })
    }

    @Test func sectionsOfCertificatesHavePlaces() throws {
        let text =
            "[[tls.certificates]]\ncertificate = \"a\"\nkey = \"b\"\n[[tls.certificates]]\ncertificate = \"c\"\n[[tls.certificates]]\ncertificate = \"c\"\nkey = \"k\"\nname = 1\n"
        let reading = SettingsParser.read(text, file: "f", directory: "/d")
        #expect(
            reading.problems.map(\.message) == [
                "tls.certificates: needs both certificate and key", "tls.certificates: has certificate and key, and no name",
            ])
        #expect(reading.problems.map(\.position?.line) == [4, 6])
        let inline = try SettingsParser.parse("[tls]\ncertificates = [{ certificate = \"a\", key = \"/b\" }]\n", file: "f", directory: "/d")
        #expect(inline.tls.certificates == [CertificatePair(certificate: "/d/a", key: "/b")])
    }

    @Test func whatWouldBeImpossibleBesideTheOldValuesWaits() throws {
        var new = Settings()
        new.accounts.needsEmail = true
        new.accounts.mailer = "/usr/sbin/sendmail"
        let change = SettingsChange(from: Settings(), to: new)
        #expect(change.applied.isEmpty)
        #expect(Set(change.waiting) == ["accounts.mailer", "accounts.require_email"])
        #expect(change.settings == Settings())
    }
}
