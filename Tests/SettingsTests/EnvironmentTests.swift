import Foundation
import RoostTesting
import Testing

@testable import Settings

@Suite struct EnvironmentTests {
    private func read(_ variables: [String: String], file: String? = nil, directory: String = "/work") -> SettingsReading {
        SettingsParser.read(
            file, file: file.map { _ in "roost.toml" }, directory: "/etc/roost",
            environment: SettingsEnvironment(variables, directory: directory))
    }

    private func problems(_ variables: [String: String], file: String? = nil) -> [String] {
        read(variables, file: file).problems.map(\.description)
    }

    /// Every key, with a value that is not its default, as in a file and without quotes.
    @Test func everyKeyHasAVariable() throws {
        let changed = try SettingsParser.parse(ChangedConfiguration.text, file: "f", directory: "/")
        var variables: [String: String] = [:]
        for setting in Setting.all {
            let written = try #require(setting.write(changed), "\(setting.name)")
            let isText = written.hasPrefix("\"")
            variables[SettingsEnvironment.variable(for: setting)] = isText ? String(written.dropFirst().dropLast()) : written
        }
        #expect(Set(variables.keys).count == Setting.all.count)
        let reading = read(variables)
        #expect(try reading.get() == changed)
        #expect(reading.overrides.map(\.key) == Setting.all.map(\.name))
        #expect(SettingsEnvironment(variables).warnings.isEmpty)
    }

    @Test func theyCountMoreThanTheFile() throws {
        let reading = read(
            ["ROOST_SERVER_NETWORK": "Mine", "ROOST_DATA": "/d", "HOME": "/h", "ROOST_LIMITS_TARGETS": ""],
            file: "[server]\nnetwork = 3\n[limits]\ntargets = 7\n")
        // What the file says of it does not count, mistakes included, though they are still told.
        #expect(
            reading.problems.map(\.description) == [
                "roost.toml:2:11: server.network: must be a word of at most 64 letters, digits and signs, not a whole number"
            ])
        #expect(reading.settings.server.network == "Mine")
        #expect(reading.settings.limits.targets == 7)
        #expect(reading.overrides.map(\.variable) == ["ROOST_SERVER_NETWORK"])
    }

    @Test(arguments: [
        ("0.0.0.0:6697,[::]:6697", ["0.0.0.0:6697", "[::]:6697"]), ("[::1]:1", ["[::1]:1"]),
        ("127.0.0.1:1, 127.0.0.2:1", ["127.0.0.1:1", "127.0.0.2:1"]),
        ("[\"127.0.0.1:1\"]", ["127.0.0.1:1"]), ("[]", []),
    ])
    func listsHaveCommasOrAreAsInTheFile(_ text: String, _ expected: [String]) throws {
        #expect(try read(["ROOST_LISTEN_TLS": text]).get().listen.tls.map(\.description) == expected)
    }

    @Test func valuesAreChecked() {
        #expect(
            problems([
                "ROOST_LIMITS_FLOOD_RATE": "0", "ROOST_LIMITS_TARGETS": "many", "ROOST_LISTEN_TLS": "localhost:1",
                "ROOST_HISTORY_ENABLED": "yes", "ROOST_TLS_KEY": "k.pem",
            ]) == [
                "$ROOST_LISTEN_TLS: listen.tls: \"localhost\" is not an IP address; names are not looked up here",
                "$ROOST_LIMITS_FLOOD_RATE: limits.flood_rate: must be a whole number from 1 to 10000, not 0",
                "$ROOST_LIMITS_TARGETS: limits.targets: must be a whole number from 1 to 100, not text",
                "$ROOST_HISTORY_ENABLED: history.enabled: must be true or false, not text",
                "$ROOST_TLS_KEY: tls.key: a key needs its certificate: set tls.certificate too",
            ])
    }

    @Test func pathsStartAtTheWorkingDirectory() throws {
        let settings = try read(["ROOST_SERVER_MOTD": "motd.txt"], file: "").get()
        #expect(settings.server.motd == "/work/motd.txt")
    }

    @Test func aFileMayHaveTheValue() async throws {
        try await withTestDirectory { folder in
            let hash = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
            try Data("\(hash)\n".utf8).write(to: folder.appendingPathComponent("password"))
            let found = read(["ROOST_SERVER_PASSWORD_FILE": "password"], directory: folder.path)
            #expect(try found.get().server.password == hash)
            #expect(found.overrides.map(\.variable) == ["ROOST_SERVER_PASSWORD_FILE"])
            try Data(repeating: UInt8(ascii: "a"), count: SettingsEnvironment.fileLimit + 1).write(
                to: folder.appendingPathComponent("large"))
            for path in ["nowhere", "large", "."] {
                #expect(
                    read(["ROOST_SERVER_PASSWORD_FILE": path], directory: folder.path).problems.map(\.description)
                        == ["$ROOST_SERVER_PASSWORD_FILE: server.password: \(path) is no readable text of at most 64 KiB"])
            }
        }
        #expect(
            problems(["ROOST_SERVER_NETWORK": "a", "ROOST_SERVER_NETWORK_FILE": "b"])
                == ["$ROOST_SERVER_NETWORK: server.network: $ROOST_SERVER_NETWORK and $ROOST_SERVER_NETWORK_FILE are both set; unset one"])
    }

    @Test func whatIsNoKeyIsWarnedOf() {
        let environment = SettingsEnvironment([
            "ROOST_SERVER_NAEM": "x", "ROOST_PORT_8080_TCP": "tcp://10.0.0.1:8080", "ROOST_DATA": "/d", "ROOST_TLS_KEY_FILE": "k",
            "PATH": "/bin",
        ])
        #expect(
            environment.warnings == [
                "$ROOST_PORT_8080_TCP: there is no such key", "$ROOST_SERVER_NAEM: there is no such key; did you mean ROOST_SERVER_NAME?",
            ])
    }
}
