import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import RoostTesting
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Many clients at once, and one that does not read, against the built executable.
@Suite(.serialized) struct CrowdTests {
    /// Each costs two descriptors here and one there; the usual hard limit leaves room.
    private let crowdSize = 5000
    private let lineCount = 30_000

    @Test func fiveThousandIdleClientsAndOneThatNeverReads() async throws {
        try raiseDescriptorLimit(to: crowdSize + 1000)
        try await withTestDirectory { directory in
            let port = try await TestPorts.free()
            try configuration(port: port).write(to: directory.appendingPathComponent("roost.toml"), atomically: true, encoding: .utf8)
            let server = try await TestProcess.startBuilt(
                "roost",
                [
                    "run", "--config", directory.appendingPathComponent("roost.toml").path, "--data",
                    directory.appendingPathComponent("data").path,
                ],
                timeLimit: .seconds(900))
            try await withTestProcess(server) { server in
                _ = try await server.line(containing: "\(port)")
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
                defer { group.shutdownGracefully { _ in } }
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.certificateVerification = .none
                let context = try NIOSSLContext(configuration: tls)

                let before = try residentBytes(of: server.identifier)
                let crowd = try await connectCrowd(port: port, context: context, group: group)
                let idle = try residentBytes(of: server.identifier)
                #expect((idle - before) / crowdSize < 64 << 10, "bytes of server memory per idle TLS client")

                try await flood(port: port, context: context, group: group, server: server, idle: idle)
                let last = try #require(crowd.last)
                #expect(try await last.ask("PING :still-here\r\n", for: "still-here").contains("PONG"))
                #expect(server.exit == nil)
            }
        }
    }

    /// A talker fills a channel in which one member never reads; two others read everything.
    private func flood(port: Int, context: NIOSSLContext, group: any EventLoopGroup, server: TestProcess, idle: Int) async throws {
        let talker = try await register("talker", port: port, context: context, group: group)
        _ = try await talker.ask("JOIN #busy\r\n", for: " 366 ")
        let readers = try await [
            register("reader1", port: port, context: context, group: group),
            register("reader2", port: port, context: context, group: group),
        ]
        for reader in readers {
            _ = try await reader.ask("JOIN #busy\r\n", for: " 366 ")
            try await reader.collect("PRIVMSG #busy")
        }
        let deaf = try await CrowdClient.connect(port: port, context: context, group: group, receiveBuffer: 4096)
        _ = try await deaf.ask("NICK deaf\r\nUSER d 0 * :d\r\n", for: " 001 ")
        async let joined = readers[0].line(containing: "deaf!")
        _ = try await deaf.ask("JOIN #busy\r\n", for: " 366 ")
        #expect(try await joined.contains("JOIN"))
        try await deaf.channel.setOption(.autoRead, value: false).get()

        async let cut = readers[0].line(containing: " QUIT ")
        let filling = String(repeating: "x", count: 300)
        for start in stride(from: 0, to: lineCount, by: 500) {
            let lines = (start..<start + 500).map { "PRIVMSG #busy :\($0) \(filling)\r\n" }.joined()
            try await talker.send(lines)
            _ = try await readers[1].collectedLines(start + 500)
        }
        #expect(try await cut.contains("SendQ exceeded"))
        for reader in readers {
            let lines = try await reader.collectedLines(lineCount)
            let numbers = lines.compactMap { line in line.split(separator: ":").last?.split(separator: " ").first.flatMap { Int($0) } }
            #expect(numbers == Array(0..<lineCount), "every line once, in order")
            #expect(lines.allSatisfy { $0.hasSuffix(filling + "\n") || $0.hasSuffix(filling + "\r") || $0.hasSuffix(filling) })
        }
        let after = try residentBytes(of: server.identifier)
        #expect(after - idle < 64 << 20, "bytes that the flood left in the server")
    }

    private func connectCrowd(port: Int, context: NIOSSLContext, group: any EventLoopGroup) async throws -> [CrowdClient] {
        var crowd: [CrowdClient] = []
        for start in stride(from: 0, to: crowdSize, by: 50) {
            try await withThrowingTaskGroup(of: CrowdClient.self) { tasks in
                for number in start..<min(start + 50, crowdSize) {
                    tasks.addTask { try await register("idle\(number)", port: port, context: context, group: group) }
                }
                for try await client in tasks { crowd.append(client) }
            }
        }
        return crowd
    }

    private func register(_ nick: String, port: Int, context: NIOSSLContext, group: any EventLoopGroup) async throws -> CrowdClient {
        let client = try await CrowdClient.connect(port: port, context: context, group: group)
        _ = try await client.ask("NICK \(nick)\r\nUSER u 0 * :crowd\r\n", for: " 001 ")
        return client
    }

    private func configuration(port: Int) -> String {
        """
        [listen]
        plain = []
        tls = ["127.0.0.1:\(port)"]
        http = []
        [limits]
        flood_control = false
        receive_queue = "1 MiB"
        send_queue = "256 KiB"
        ping_interval = "1 h"
        """
    }

    private func residentBytes(of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        let kilobytes = try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return kilobytes << 10
    }

    private func raiseDescriptorLimit(to wanted: Int) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(rlim_t(wanted), limit.rlim_max))
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_cur >= rlim_t(wanted))
    }
}
