import Settings
import Testing

@Suite struct ClientClassTests {
    @Test func aClassIsASection() throws {
        let text = """
            [[limits.classes]]
            name = "office"
            addresses = ["10.0.0.0/8"]
            transports = ["tls", "websocket"]
            gateways = ["kiwi"]
            logged_in = true
            maximum = 500
            require_login = true
            connections_per_address = 100
            registration_timeout = "30 s"
            ping_interval = "5 min"
            send_queue = "2 MiB"
            receive_queue = "64 KiB"
            flood_control = true
            flood_burst = 40
            flood_rate = 10
            channels_per_client = 200
            """
        let settings = try SettingsParser.parse(text, file: "f", directory: "/")
        let one = try #require(settings.limits.classes.first)
        #expect(one.addresses == ["10.0.0.0/8"] && one.transports == [.tls, .websocket] && one.gateways == ["kiwi"])
        #expect(one.loggedIn == true && one.maximum == 500 && one.requiresLogin == true && one.connectionsPerAddress == 100)
        #expect(one.registrationTimeout == .seconds(30) && one.pingInterval == .seconds(300))
        #expect(one.sendQueue == 2 << 20 && one.receiveQueue == 64 << 10)
        #expect(one.floodControl == true && one.floodBurst == 40 && one.floodRate == 10 && one.channelsPerClient == 200)
        // What is written is read again.
        let setting = try #require(Setting.all.first { $0.name == "limits.classes" })
        #expect(setting.kind.contains("a class of connections"))
    }

    @Test func mistakesHaveTheirPlace() {
        let text =
            "[[limits.classes]]\nname = \"a\"\naddresses = [\"10.0.0.0/8\", \"x\"]\nflood_rat = 3\n[[limits.classes]]\nmaximum = -1\n"
        let found = SettingsParser.read(text, file: "f", directory: "/").problems.map(\.description)
        #expect(found.contains { $0.hasPrefix("f:3:28: limits.classes: addresses ") }, "\(found)")
        #expect(
            found.contains("f:4:1: limits.classes: unknown key flood_rat; did you mean flood_rate?")
                || found.contains("f:4:13: limits.classes: unknown key flood_rat; did you mean flood_rate?"), "\(found)")
        #expect(found.contains { $0.hasPrefix("f:5:") && $0.hasSuffix("needs name") }, "\(found)")
        #expect(found.contains { $0.hasPrefix("f:6:11: limits.classes: maximum must be") }, "\(found)")
        let doubles = SettingsParser.read("[[limits.classes]]\nname = \"a\"\n[[limits.classes]]\nname = \"a\"\n", file: "f", directory: "/")
        #expect(doubles.problems.map(\.description) == ["f:4:8: limits.classes: there are two classes a"])
    }
}
