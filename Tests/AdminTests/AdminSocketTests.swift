import Foundation
import Logging
import MainLoop
import NIOCore
import NIOPosix
import RoostTesting
import Testing

@testable import Admin

/// Answers what it was asked, and may wait with it.
@LoopActor
private final class FakeServer: Administered {
    private(set) var asked: [String] = []
    private var isHeld = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func hold() { isHeld = true }

    func letGo() {
        isHeld = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    var isWaiting: Bool { !waiting.isEmpty }

    func administer(_ request: AdminRequest, by user: UInt32) async -> AdminAnswer {
        guard request.service != "nobody" else { return AdminAnswer(error: "there is no service nobody") }
        #expect(user == geteuid())
        asked.append("\(request.service) \(request.command)")
        if isHeld { await withCheckedContinuation { waiting.append($0) } }
        return AdminAnswer(lines: ["one \(request.command)", "two"], isRefused: request.command == "REFUSE")
    }
}

@LoopActor @Suite struct AdminSocketTests {
    private let server = FakeServer()
    private let clock = VirtualClock()

    private func withSocket(_ body: (AdminSocket) async throws -> Void) async throws {
        try await withTestDirectory { folder in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let socket = try await AdminSocket.bind(folder.path + "/s", server: server, clock: clock, logger: logger)
            do {
                try await body(socket)
            } catch {
                await socket.stop()
                throw error
            }
            await socket.stop()
            #expect(!FileManager.default.fileExists(atPath: socket.path))
        }
    }

    /// Sends raw bytes and returns what comes until the other end closes.
    private nonisolated func send(_ text: String, to path: String) async throws -> String {
        let channel = try await ClientBootstrap(group: LoopActor.group).connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, outbound in
            if !text.isEmpty { try await outbound.write(ByteBuffer(string: text)) }
            var answer = ""
            for try await bytes in inbound { answer += String(buffer: bytes) }
            return answer
        }
    }

    @Test func asksTheServer() async throws {
        try await withSocket { socket in
            let answer = try await AdminClient.ask(AdminRequest(service: "ns", command: "INFO ann"), at: socket.path)
            #expect(answer == AdminAnswer(lines: ["one INFO ann", "two"]))
            #expect(server.asked == ["ns INFO ann"] && answer.refused == nil)
            #expect(try await AdminClient.ask(AdminRequest(service: "ns", command: "REFUSE"), at: socket.path).refused == true)
            let refused = try await AdminClient.ask(AdminRequest(service: "nobody", command: "HELP"), at: socket.path)
            #expect(refused.lines == nil && refused.error?.hasPrefix("there is no service nobody") == true)
        }
    }

    @Test func onlyItsOwnerMayOpenIt() async throws {
        try await withSocket { socket in
            let mode = try FileManager.default.attributesOfItem(atPath: socket.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test(arguments: ["\u{1}\n", "{}\n", "{\"service\":\"ns\"}\n", String(repeating: "x", count: 20_000) + "\n"])
    func whatMakesNoSenseIsAnswered(_ text: String) async throws {
        try await withSocket { socket in
            let answer = try await send(text, to: socket.path)
            #expect(answer.hasPrefix(#"{"error":"the request is no line of JSON"#))
            #expect(server.asked.isEmpty)
        }
    }

    @Test func whoSaysNothingIsSentAway() async throws {
        try await withSocket { socket in
            async let reading = send("", to: socket.path)
            while socket.connections == 0 { await Task.yield() }
            clock.advance(by: AdminSocket.patience)
            let answer = try await reading
            #expect(answer.isEmpty)
        }
    }

    @Test func connectionsAreBounded() async throws {
        try await withSocket { socket in
            server.hold()
            let request = AdminRequest(service: "ns", command: "X")
            try await withThrowingTaskGroup { group in
                for _ in 0..<AdminSocket.limit { group.addTask { try await AdminClient.ask(request, at: socket.path) } }
                while server.asked.count < AdminSocket.limit { await Task.yield() }
                await #expect(throws: AdminClient.Failure.noAnswer) { try await AdminClient.ask(request, at: socket.path) }
                server.letGo()
                for try await answer in group { #expect(answer.lines?.count == 2) }
            }
            while socket.connections > 0 { await Task.yield() }
            #expect(try await AdminClient.ask(request, at: socket.path).lines?.count == 2)
        }
    }

    @Test func aServerThatDoesNotRunIsNamed() async throws {
        await #expect(throws: AdminClient.Failure.notRunning) {
            try await AdminClient.ask(AdminRequest(service: "ns", command: "HELP"), at: "/nowhere/s")
        }
        let long = "/" + String(repeating: "x", count: 200)
        await #expect(throws: AdminSocket.Failure.self) {
            try await AdminSocket.bind(long, server: server, clock: clock, logger: Logger(label: "test"))
        }
    }
}
