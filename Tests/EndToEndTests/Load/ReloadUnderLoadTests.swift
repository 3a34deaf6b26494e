import Daemon
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import RoostTesting
import Settings
import Testing

/// Many clients talk while good and bad configurations and certificates come and go.
@Suite(.timeLimit(.minutes(10))) struct ReloadUnderLoadTests {
    private let clientCount = 200
    private let channelSize = 10
    private let reloads = 20
    private let linesBetween = 2

    @Test func nobodyIsDroppedAndNothingIsLost() async throws {
        try await withTestDirectory { folder in
            let first = try certificate(in: folder)
            try configure(0, folder)
            let launch = try Launch.resolve(configuration: folder.path + "/roost.toml", data: folder.path + "/data")
            let daemon = try await Daemon.start(launch, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let port = await daemon.addresses.tls[0].port
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            defer { group.shutdownGracefully { _ in } }
            do {
                let clients = try await connect(port, group)
                var shown = first
                for number in 1...reloads {
                    async let said: Void = speak(clients, round: number - 1)
                    if number.isMultiple(of: 2) {
                        shown = try certificate(in: folder)
                        try configure(number, folder)
                        guard case .done(let changed, [], true) = await daemon.reload() else {
                            Issue.record("reload \(number) was refused")
                            break
                        }
                        #expect(changed.contains("server.network"))
                    } else {
                        try spoil(number, folder)
                        guard case .refused = await daemon.reload() else {
                            Issue.record("bad files were taken at reload \(number)")
                            break
                        }
                    }
                    try await said
                    try await restore(number, folder)
                }
                try await check(clients)
                let late = try await TestIRCClient.connect(port: port, .tls())
                #expect(late.serverFingerprint == shown)
                await late.close()
            } catch {
                await daemon.stop()
                throw error
            }
            await daemon.stop()
        }
    }

    private func connect(_ port: Int, _ group: any EventLoopGroup) async throws -> [CrowdClient] {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        let context = try NIOSSLContext(configuration: tls)
        var clients: [CrowdClient] = []
        for number in 0..<clientCount {
            let client = try await CrowdClient.connect(port: port, context: context, group: group)
            _ = try await client.ask("NICK c\(number)\r\nUSER u 0 * :crowd\r\n", for: " 001 ")
            _ = try await client.ask("JOIN #room\(number / channelSize)\r\n", for: " 366 ")
            try await client.collect("PRIVMSG #room")
            clients.append(client)
        }
        return clients
    }

    /// Everybody says some lines, all at the same time.
    private func speak(_ clients: [CrowdClient], round: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (number, client) in clients.enumerated() {
                let lines = (0..<linesBetween).map { "PRIVMSG #room\(number / channelSize) :\(round * linesBetween + $0)\r\n" }
                tasks.addTask { try await client.send(lines.joined()) }
            }
            try await tasks.waitForAll()
        }
    }

    /// Everybody has got every line of the others, once and in order, and is still connected.
    private func check(_ clients: [CrowdClient]) async throws {
        let each = reloads * linesBetween
        for (number, client) in clients.enumerated() {
            let lines = try await client.collectedLines(each * (channelSize - 1))
            var said: [Substring: [Int]] = [:]
            for line in lines {
                let sender = line.dropFirst(line.hasPrefix("@") ? 0 : 1).prefix { $0 != "!" }
                said[sender, default: []].append(line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? -1)
            }
            let room = number / channelSize * channelSize
            let others = (room..<room + channelSize).filter { $0 != number }.map { "c\($0)" }
            #expect(Set(said.keys.map(String.init)) == Set(others))
            #expect(said.values.allSatisfy { $0 == Array(0..<each) }, "client \(number)")
            #expect(try await client.ask("PING :still-here\r\n", for: "still-here").contains("PONG"))
        }
    }

    /// Puts a new certificate there. Returns its fingerprint.
    private func certificate(in folder: URL) throws -> String {
        let made = try TestIRCClientCertificate()
        try Data(made.certificateBytes).write(to: folder.appendingPathComponent("c.pem"))
        try Data(made.keyBytes).write(to: folder.appendingPathComponent("k.pem"))
        return made.fingerprint
    }

    private func configure(_ number: Int, _ folder: URL) throws {
        try """
        [server]
        network = "Net\(number)"
        [listen]
        plain = []
        tls = ["127.0.0.1:0"]
        http = []
        [tls]
        certificate = "c.pem"
        key = "k.pem"
        [limits]
        connections_per_address = 0
        flood_control = false
        topic_length = \(100 + number)
        """.write(to: folder.appendingPathComponent("roost.toml"), atomically: true, encoding: .utf8)
    }

    /// A file that is no TOML, an impossible value, a certificate without its key, one that is none: by turns.
    private func spoil(_ number: Int, _ folder: URL) throws {
        let file = folder.appendingPathComponent("roost.toml")
        let text = try String(contentsOf: file, encoding: .utf8)
        switch number / 2 % 4 {
        case 0: try (text + "\n[server").write(to: file, atomically: true, encoding: .utf8)
        case 1: try (text + "\nsend_queue = 1\n").write(to: file, atomically: true, encoding: .utf8)
        case 2: try Data(TestIRCClientCertificate().certificateBytes).write(to: folder.appendingPathComponent("c.pem"))
        default: try Data("-----BEGIN".utf8).write(to: folder.appendingPathComponent("c.pem"))
        }
    }

    private func restore(_ number: Int, _ folder: URL) async throws {
        if !number.isMultiple(of: 2) { try configure(number - 1, folder) }
    }
}
