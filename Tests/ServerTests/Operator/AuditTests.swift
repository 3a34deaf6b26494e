import Accounts
import Foundation
import Logging
import MainLoop
import Store
import Synchronization
import Testing

@testable import Server

/// What operators do is logged, and what they must not lose is not.
@LoopActor @Suite struct AuditTests {
    @Test func everyActionIsLoggedWithWhoAndWhy() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("OPER root wrong", "OPER root hunter2", "KILL bob :spam")
        let events = log.events.filter { $0.name.hasPrefix("operator.") }
        #expect(events.map(\.name) == ["operator.refused", "operator.login", "operator.kill"])
        #expect(events.allSatisfy { $0.metadata["by"]?.hasPrefix("alice!~alice@") == true })
        #expect(events[0].metadata["reason"] == "Password incorrect")
        #expect(events[0].metadata["operator"] == "root" && events[1].metadata["operator"] == "root")
        #expect(events[2].metadata["target"] == bob.client.source && events[2].metadata["reason"] == "spam")
    }

    @Test func aClaimIsLoggedWithoutItsSecrets() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        try await test.state.set(OperatorDesk.claimKey, Data(try await test.hasher.hash("ABCDE-FGHJK").utf8))
        let alice = await test.join("alice")
        await alice.send("OPER owner ABCDE-FGHJK")
        let password = try #require(alice.all("NOTICE").first?.split(separator: " ").last)
        #expect(log.events.last?.name == "operator.claim" && log.events.last?.metadata["operator"] == "owner")
        for secret in ["ABCDE-FGHJK", String(password)] { #expect(!log.text.contains(secret)) }
    }

    @Test func aClaimIsLoggedEvenWhenItsOwnerIsGone() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        try await test.state.set(OperatorDesk.claimKey, Data(try await test.hasher.hash("CODE").utf8))
        let alice = await test.join("alice")
        alice.sendAtOnce(["OPER owner CODE"])
        alice.disconnect()
        await test.settle()
        #expect(log.events.last?.name == "operator.claim" && log.events.last?.metadata["by"] == alice.client.source)
    }
}

/// Keeps what is logged.
final class EventLog: Sendable {
    struct Event: Sendable {
        var name: String
        var metadata: [String: String]
    }

    private let kept = Mutex<[Event]>([])

    var events: [Event] { kept.withLock { $0 } }
    var text: String { events.map { "\($0)" }.joined(separator: "\n") }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: EventLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
            log.kept.withLock { $0.append(Event(name: "\(event.message)", metadata: metadata)) }
        }
    }
}
