import Accounts
import Foundation
import GRDB
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

    /// What is noted stands in the table too, in whichever way it was asked for, and what came of it.
    @Test func everyActionIsListed() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let (root, bob) = (try await test.operate("root"), await test.join("bob"))
        try await test.addAccount("ann", password: "secret")
        let source = bob.client.source
        await root.send("SANICK bob bert", "KILL bert :spam", "KLINE 1h bad!*@* :ads|told", "WALLOPS :hear", "OPER root wrong")
        _ = try await test.administer("ns", "SUSPEND ann she asked")
        _ = try await test.administer("cs", "PURGE ADD #c")
        try await database.writer.write { try $0.execute(sql: "DROP TABLE account") }
        let lines = try await test.administer("os", "AUDIT 50")
        let expected = [
            "operator.login on root by root!", "operator.sanick on \(source) by root!", "operator.kill on bert!",
            "ban.added on bad!*@* by root!",
            "operator.wallops by root!", "operator.refused on root by root!", "account.suspend on ann by a test: she asked",
        ]
        #expect(lines.count == expected.count + 1 && lines.last == "\(expected.count) entries")
        for (line, text) in zip(lines, expected) { #expect(line.contains(" \(text)"), "\(line)") }
        #expect(
            lines[2].contains(" (root): spam") && lines[5].contains(", refused: ")
                && lines[3].contains(": ads action=reject disconnected=0"))
        let ofRoot = ServiceDeskTests.said(await root.ask("OS AUDIT 2 BY ROOT ACTION operator.* SINCE 1h"), "OperServ")
        #expect(ofRoot.count == 3 && ofRoot[0].contains("operator.wallops") && ofRoot[2] == "2 entries")
    }

    /// Who changes a channel of others with the powers of an operator is noted, who has a rank there is not.
    @Test func channelsOfOthersAreNoted() async throws {
        let test = try await TestWorld()
        let (ann, root) = (try await test.logIn("ann", in: "#c"), try await test.operate("root"))
        await ann.send("CS REGISTER #c", "CS SET #c TOPICLOCK ON")
        #expect(try await test.administer("os", "AUDIT ACTION channel.*") == ["0 entries"])
        await root.send("CS AMODE #c +o root")
        let lines = try await test.administer("os", "AUDIT ACTION channel.*")
        #expect(lines.count == 2 && lines[0].contains(" channel.changed on #c by root!") && lines[0].hasSuffix(" command=AMODE"))
    }

    @Test func whatFailsIsNotedAsThat() async throws {
        let database = try RoostDatabase.inMemory()
        let log = EventLog()
        let test = try await TestWorld(database: database, logger: log.logger)
        try await database.writer.write { try $0.execute(sql: "DROP TABLE invite_code; DROP TABLE audit") }
        _ = try await test.administer("ns", "INVITECODE DEL 1")
        await test.settle()
        #expect(log.events.first { $0.name == "invite.revoked" }?.metadata["outcome"] == "failed")
        #expect(log.events.last?.name == "audit.not_stored")
    }

    @Test(arguments: ["0", "201", "BY", "WHO root", "SINCE x", "SINCE 0", "5 5"]) func nonsenseIsNoQuery(_ text: String) async throws {
        #expect(AuditQuery(text.split(separator: " ").map(String.init)) == nil)
        #expect(try await TestWorld().administer("os", "AUDIT \(text)").first?.hasPrefix("Syntax: AUDIT") == true)
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
