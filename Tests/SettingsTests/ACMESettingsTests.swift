import Testing

@testable import Settings

@Suite struct ACMESettingsTests {
    private func problems(_ text: String) -> [String] {
        let reading = SettingsParser.read(text, file: "f", directory: "/")
        return reading.problems.map(\.message)
    }

    @Test func threeLinesAreEnough() throws {
        let text = "[acme]\ndomains = [\"IRC.Example.org\"]\nemail = \"a@example.org\"\nagree_to_terms = true\n"
        let settings = try SettingsParser.parse(text, file: "f", directory: "/")
        #expect(settings.acme.domains == ["irc.example.org"])
        #expect(settings.challengeEndpoints.map(\.description) == ["0.0.0.0:80", "[::]:80"])
        #expect(settings.warnings == [])
    }

    @Test(arguments: ["*.example.org", "example", "192.0.2.1", "a b.example", "-a.example", ""]) func noDomain(_ name: String) {
        let found = problems("[acme]\nagree_to_terms = true\ndomains = [\"\(name)\"]\n")
        #expect(found.count == 1, "\(found)")
    }

    @Test func whatDoesNotGoTogether() {
        #expect(problems("[acme]\ndomains = [\"irc.example.org\"]\n").first?.contains("terms") == true)
        #expect(problems("[acme]\nexternal_account_id = \"a\"\n").count == 1)
        #expect(problems("[acme]\nexternal_account_key = \"c2VjcmV0LXNlY3JldA\"\n").count == 1)
        let secret = problems("[acme]\nexternal_account_id = \"a\"\nexternal_account_key = \"not + base64url, but secret\"\n")
        #expect(secret.count == 1 && !secret[0].contains("secret\""), "\(secret)")
        for address in ["http://ca.example.org/directory", "ca.example.org", "https://ca.example.org/#a", "ftp://a/"] {
            #expect(problems("[acme]\ndirectory = \"\(address)\"\n").count == 1, "\(address)")
        }
        #expect(problems("[acme]\ndirectory = \"http://127.0.0.1:14000/dir\"\n").isEmpty)
        #expect(problems("[acme]\ndirectory = \"https://ca.internal:9000/acme/acme/directory\"\n").isEmpty)
    }

    /// A port that `listen.http` has is not asked for a second time: challenges are answered there too.
    @Test func portsThatAreTaken() throws {
        let acme = "[acme]\ndomains = [\"irc.example.org\"]\nagree_to_terms = true\n"
        let shared = try SettingsParser.parse("[listen]\nhttp = [\"0.0.0.0:80\"]\n" + acme, file: "f", directory: "/")
        #expect(shared.challengeEndpoints.map(\.description) == ["[::]:80"])
        #expect(problems("[listen]\nplain = [\"127.0.0.1:80\"]\n" + acme).count == 1)
    }

    @Test func whatShouldBeKnown() throws {
        func warnings(_ more: String, _ listen: String = "") throws -> [String] {
            let acme = "[acme]\ndomains = [\"irc.example.org\"]\nagree_to_terms = true\n"
            return try SettingsParser.parse(listen + acme + more, file: "f", directory: "/").warnings
        }
        #expect(try warnings("listen = []\n").first?.contains("port 80") == true)
        #expect(try warnings("challenge = \"tls-alpn-01\"\n").first?.contains("port 443") == true)
        #expect(try warnings("challenge = \"tls-alpn-01\"\n", "[listen]\ntls = [\"0.0.0.0:443\"]\n") == [])
        #expect(try warnings("", "[listen]\ntls = []\n").first?.contains("listen.tls is empty") == true)
    }
}
