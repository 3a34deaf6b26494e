import Foundation
import RoostTesting
import Testing

/// The scenarios once more, over TLS against the real process.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct SocketScenarioTests {
    @Test(arguments: try Scenario.all().filter { $0.insideBecause == nil }.map(\.name))
    func overSockets(_ name: String) async throws {
        let scenario = try #require(try Scenario.all().first { $0.name == name })
        try await withTestDirectory { directory in
            let (plain, tls) = (try await TestPorts.free(), try await TestPorts.free())
            let process = try await start(scenario, in: directory, plain: plain, tls: tls)
            do {
                try await play(scenario, plain: plain, tls: tls)
            } catch {
                Issue.record("\(name): \(error)")
            }
            _ = await process.terminate()
        }
    }

    private func start(_ scenario: Scenario, in directory: URL, plain: Int, tls: Int) async throws -> TestProcess {
        try "Hello\n".write(to: directory.appendingPathComponent("motd.txt"), atomically: true, encoding: .utf8)
        let (file, data) = (directory.appendingPathComponent("roost.toml"), directory.appendingPathComponent("data").path)
        try configuration(of: scenario, plain: plain, tls: tls).write(to: file, atomically: true, encoding: .utf8)
        let roost = try #require(TestProcess.builtExecutable("roost")).path
        for case .account(let name, let password, let isOperator) in scenario.steps.map(\.step) {
            let flag = isOperator ? "--operator" : ""
            let script = "printf '\(password)\\n' | '\(roost)' account add \(name) \(flag) --password-stdin --data '\(data)'"
            let added = try await TestProcess.start(URL(fileURLWithPath: "/bin/sh"), ["-c", script])
            #expect(await added.waitForExit() == .status(0))
        }
        let process = try await TestProcess.startBuilt("roost", ["run", "--config", file.path, "--data", data], timeLimit: .seconds(120))
        _ = try await process.line(containing: "listener.bound address=127.0.0.1:\(tls) kind=tls")
        return process
    }

    /// As ScenarioSetup.swift of ServerTests has it for the world in memory.
    private func configuration(of scenario: Scenario, plain: Int, tls: Int) -> String {
        let has = scenario.setup.contains
        let services = #"["FILES https://files.test 127.0.0.1 Uploads", "OTHER https://other.test 203.0.113.5 Something else"]"#
        return """
            [server]
            name = "irc.test"
            token_services = \(has(.noTokenServices) ? "[]" : services)
            \(has(.noMotd) ? "" : "motd = \"motd.txt\"")
            \(has(.icon) ? "icon = \"https://irc.test/icon.png\"" : "")
            \(has(.deniedTags) ? "denied_client_tags = [\"*\", \"-draft/react\", \"-draft/reply\"]" : "")
            [listen]
            plain = ["127.0.0.1:\(plain)"]
            tls = ["127.0.0.1:\(tls)"]
            http = []
            \(has(.gateway) ? "gateways = [\"web opensesame 127.0.0.1\"]" : "")
            [tls]
            \(has(.sts) ? "sts_port = 6697\nsts_duration = \"1 h\"" : "")
            [limits]
            connections_per_address = 0
            flood_control = false
            channels_per_client = 5
            list_entries = 3
            monitor_entries = 2
            metadata_keys = 2
            metadata_subscriptions = 2
            multiline_lines = 3
            multiline_bytes = 512
            \(has(.smallQueue) ? "send_queue = \"16 KiB\"" : "")
            [accounts]
            per_hour = 100
            reserve_nicks = false
            registration = "\(has(.noAccounts) ? "off" : has(.invite) ? "invite" : "open")"
            before_connect = \(!has(.connectFirst))
            mailer = "/bin/true"
            \(has(.needsEmail) ? "require_email = true" : "")
            \(has(.allowList) ? "allowed = [\"ann\"]" : "")
            \(has(.operatorClasses) ? Self.operatorClasses : "")
            [admin]
            \(has(.admin) ? "location = \"Here\"\norganisation = \"Us\"\nemail = \"root@example.com\"" : "")
            """
    }

    private static let operatorClasses = """
        [operators]
        default_class = "helper"
        classes = [{ name = "helper", may = ["kill"], whois_line = "helps people here" }]
        """

    private func play(_ scenario: Scenario, plain: Int, tls: Int) async throws {
        let certificate = try TestIRCClientCertificate()
        var clients: [String: TestIRCClient] = [:]
        var taken: [String: String] = [:]
        var values: [String: String] = [:]
        func filled(_ text: String) -> String { values.reduce(text) { $0.replacing("$" + $1.key, with: $1.value) } }
        func register(_ name: String, _ client: TestIRCClient, _ capabilities: String = "") async throws {
            if !capabilities.isEmpty { try await client.send("CAP REQ :\(capabilities)") }
            try await client.send("NICK \(name)")
            try await client.send("USER \(name) 0 * :\(name.capitalized)")
            if !capabilities.isEmpty { try await client.send("CAP END") }
            try await client.next(containing: " 221 ")
            clients[name] = client
        }
        for (line, step) in scenario.steps {
            do {
                switch step {
                case .account: break
                case .open(let name, let isCertified):
                    clients[name] = try await TestIRCClient.connect(port: tls, .tls(certificate: isCertified ? certificate : nil))
                case .user(let name, let capabilities, let isPlain):
                    let client = try await TestIRCClient.connect(port: isPlain ? plain : tls, isPlain ? .plain : .tls(certificate: nil))
                    try await register(name, client, capabilities)
                case .crowd(let count, let channel):
                    for number in 0..<count {
                        try await register("crowd\(number)", TestIRCClient.connect(port: plain))
                        try await clients["crowd\(number)"]?.send("JOIN \(channel)")
                    }
                case .send(let name, let text):
                    try await clients[name]?.send(bytes: Scenario.bytes(filled(text)) + Array("\r\n".utf8))
                    // Nobody goes on before this is done: over several connections nothing else keeps the order.
                    if !text.hasPrefix("QUIT"), clients[name] != nil { try await settle(clients[name], text) }
                case .expect(let name, let template):
                    let pattern = filled(template)
                    taken[name] = try await clients[name]?.next(pattern) { Scenario.matches($0, pattern) }
                case .refute(let name, let pattern):
                    #expect(clients[name]?.lines.contains { Scenario.matches($0, pattern) } == false, "line \(line)")
                case .keepID(let name, let variable):
                    values[variable] = clients[name]?.lines.reversed().lazy.compactMap(Scenario.messageID).first
                case .keepWord(let name, let variable, let position):
                    values[variable] = taken[name].flatMap { Scenario.word(position, fromEndOf: $0) }
                case .wait, .diskFails: throw Scenario.Mistake(description: "only in process")
                }
            } catch {
                throw Scenario.Mistake(description: "line \(line): \(error)")
            }
        }
        for client in clients.values { await client.close() }
    }

    /// Waits until the server has carried out what was sent: it has seen a PING behind it, or hung up.
    private func settle(_ client: TestIRCClient?, _ text: String) async throws {
        guard let client, !text.contains("KILL") else { return }
        let token = "settle\(Int.random(in: 0..<1_000_000_000))"
        do {
            try await client.send("PING \(token)")
            try await client.look(for: token)
        } catch {
            _ = try await client.end()
        }
    }
}
