import IRCProtocol
import Logging
import MainLoop
import RoostTesting
import Testing

@testable import Server

/// What operators see of the server and do to it as a whole, in OperServ and with `roost admin`.
@LoopActor @Suite struct WatchingTests {
    private func admin(_ test: TestWorld, _ line: String) async throws -> ServiceAnswer {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        return try await test.world.administer(words[0], words.count > 1 ? words[1] : "", by: .administrator("a test"))
    }

    @Test func whatIsNoServiceIsACommandOfOperServ() async throws {
        let test = try await TestWorld()
        #expect(try await admin(test, "status").lines.first?.hasPrefix("irc.test, Roost ") == true)
        #expect(try await admin(test, "os status").lines.first?.hasPrefix("irc.test, Roost ") == true)
        #expect(try await admin(test, "defcon").lines == ["DEFCON is 5: open to all"] || test.world.defense == .normal)
        let help = try await admin(test, "help").lines
        #expect(help.contains { $0.contains("  TRACE ") } && help.contains { $0.hasPrefix("NickServ: ") })
        #expect(try await admin(test, "ns").lines == admin(test, "ns help").lines)
        await #expect(throws: AdministrationError.noSuchService("nobody")) { try await self.admin(test, "nobody") }
        await #expect(throws: AdministrationError.noSuchService("help")) {
            try await test.world.command("help", "", by: .administrator("x"))
        }
    }

    @Test func statusCounts() async throws {
        let test = try await TestWorld()
        let (alice, waiting) = (await test.join("alice", in: "#a"), test.connect())
        await waiting.send("NICK half")
        let lines = try await admin(test, "status").lines
        #expect(lines.contains { $0.hasPrefix("  1 people (at most 1 since the start): 0 logged in, 0 operators") })
        #expect(lines.contains { $0.hasPrefix("  2 connections: ") && $0.hasSuffix("1 have not registered yet") })
        #expect(lines.contains { $0.hasPrefix("  1 channels with 1 members") })
        await alice.send("QUIT")
        #expect(try await admin(test, "status").lines.contains("  connections that ended: 1 quit"))
    }

    @Test func clientsAreFoundByMask() async throws {
        let test = try await TestWorld()
        _ = try await test.operate("root")
        let (near, far) = (await test.join("near", from: "203.0.113.7"), await test.join("far", from: "198.51.100.1"))
        for (mask, nicks) in [
            ("203.0.113.0/24", ["near"]), ("f*!*@*", ["far"]), ("FAR", ["far"]), ("*", ["far", "near", "root"]), ("192.168.0.0/16", []),
        ] {
            let lines = try await admin(test, "clients \(mask)").lines
            #expect(lines.dropLast().map { $0.dropFirst(2).prefix { $0 != "!" } } == nicks.map { $0[...] }, "\(mask)")
            #expect(lines.last == "\(nicks.count) people")
        }
        #expect(try await admin(test, "clients nobody").isRefusal)
        #expect(await near.ask("OS CLIENTS").first?.contains("CLIENTS is for operators of the server") == true)
        #expect(!far.isClosed)
    }

    @Test func traceTellsEverythingButSecrets() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let ann = await test.join("ann", in: "#a", from: "192.0.2.7")
        await ann.send("NS IDENTIFY secret", "CAP REQ :server-time")
        _ = try await admin(test, "ban exempt 192.0.2.0/24 friends")
        let lines = try await admin(test, "trace ann").lines
        let text = lines.joined(separator: "\n")
        for part in ["account ann", "in @#a", "192.0.2.7", "logged in by password", "capabilities server-time", "fits exemption 1"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("argon2") && !text.contains("secret"))
        #expect(try await admin(test, "trace 203.0.113.1").isRefusal)
    }

    @Test func channelsAreListedWithSecretOnes() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#a")
        await ann.send("JOIN #b", "MODE #b +sk key")
        let lines = try await admin(test, "channels").lines
        #expect(lines.count == 3 && lines[0].hasPrefix("  #a 1 members, +") && lines[2] == "2 channels")
        #expect(lines[1].contains("s") && !lines.joined().contains("key"))
        #expect(try await admin(test, "channels #b*").lines.last == "1 channels")
    }

    @Test func topTellsWhatHappensMeanwhile() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (await test.join("ann"), await test.join("bob"))
        await bob.send("PING before")
        async let answer = admin(test, "top 10")
        while test.clock.sleeperCount == 0 { await Task.yield() }
        ann.sendAtOnce((0..<5).map { "PING \($0)" })
        test.clock.advance(by: .seconds(10))
        let lines = try await answer.lines
        #expect(lines.first == "In 10 seconds:")
        #expect(lines.contains { $0.contains("ann!") && $0.hasSuffix(": 5 lines came in") })
        #expect(lines.contains { $0.hasPrefix("  PING: 5 times") })
        #expect(!lines.contains { $0.contains("bob!") && $0.contains("came in") })
        for wrong in ["0", "16", "x"] { #expect(try await admin(test, "top \(wrong)").isRefusal) }
    }

    @Test func drainRefusesTheNewAndKeepsTheOld() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann")
        #expect(try await admin(test, "drain").lines == ["New connections are refused; 1 are left. DRAIN OFF takes that back"])
        let late = test.connect()
        #expect(late.isClosed && late.last?.contains("takes no new connections") == true)
        #expect(!ann.isClosed && test.world.counts.refused[.draining] == 1)
        #expect(try await admin(test, "drain").isRefusal)
        #expect(try await admin(test, "drain off").lines == ["New connections are taken"])
        #expect(try await admin(test, "drain off").isRefusal)
        #expect((await test.join("late")).client.isRegistered)
        #expect(try await admin(test, "audit action server.*").lines.count == 3)
    }

    @Test func aStopWantsItsCode() async throws {
        let test = try await TestWorld()
        let control = RecordingControl()
        #expect(try await admin(test, "shutdown").isRefusal)
        test.world.control = control
        for (word, stop) in [("shutdown", "Stopped by a test false"), ("restart", "Restarted by a test true")] {
            let asked = try await admin(test, word)
            #expect(asked.isRefusal && control.stops.last != stop)
            let code = try #require(asked.lines.last?.split(separator: " ").last)
            #expect(try await admin(test, "\(word) \(code)x").isRefusal)
            #expect(try await !admin(test, "\(word) \(code)").isRefusal)
            #expect(control.stops.last == stop)
        }
    }

    @Test func reloadsAndTheLevelOfTheLogGoThroughTheDaemon() async throws {
        let test = try await TestWorld()
        #expect(try await admin(test, "rehash").isRefusal)
        #expect(try await admin(test, "loglevel").isRefusal)
        let control = RecordingControl()
        test.world.control = control
        #expect(try await admin(test, "rehash") == ServiceAnswer(lines: ["A mistake"], isRefusal: true))
        #expect(try await admin(test, "loglevel DEBUG").lines == ["The log level is debug"])
        #expect(control.leastLogged == .debug)
        #expect(try await admin(test, "loglevel loud").isRefusal)
        let audit = try await admin(test, "audit").lines
        #expect(
            audit.contains { $0.contains("operator.rehash by a test, failed") }
                && audit.contains { $0.contains("log.level by a test level=debug") })
    }

    @Test func certificatesAreListedAndOrderedAgain() async throws {
        let test = try await TestWorld()
        #expect(try await admin(test, "certificates").isRefusal)
        let control = RecordingControl()
        test.world.control = control
        #expect(try await admin(test, "certificates").lines == ["irc.test: until tomorrow"])
        #expect(try await admin(test, "certificates retry").isRefusal && control.orders == nil)
        control.orders = false
        #expect(try await !admin(test, "certificates retry").isRefusal && control.orders == true)
        #expect(try await admin(test, "certificates x").isRefusal)
    }

    private final class RecordingControl: ServerControl {
        var stops: [String] = []
        var leastLogged = Logger.Level.info
        var certificateLines = ["irc.test: until tomorrow"]
        var orders: Bool?

        func retryCertificates() -> Bool {
            defer { orders = orders.map { _ in true } }
            return orders != nil
        }

        func rehash() async -> ServiceAnswer { ServiceAnswer(lines: ["A mistake"], isRefusal: true) }

        func stop(reason: String, restarting: Bool) { stops.append("\(reason) \(restarting)") }
    }
}
