import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// The limits of a class of connections, each at its bound.
@LoopActor @Suite struct ConnectionClassTests {
    typealias Class = ServerConfiguration.ConnectionClass

    private static let inside = "198.51.100.7"

    /// A class for 198.51.100.0/24.
    private static func local(_ name: String = "inside", _ change: (inout Class) -> Void) throws -> Class {
        var one = Class(name: name)
        one.addresses = [try #require(AddressRange("198.51.100.0/24"))]
        change(&one)
        return one
    }

    private func world(_ classes: [Class], _ change: @escaping (inout ServerConfiguration) -> Void = { _ in }) async throws -> TestWorld {
        try await TestWorld { configuration in
            configuration.connectionClasses = classes
            change(&configuration)
        }
    }

    @Test func theFirstThatFitsCounts() async throws {
        var (tls, rest) = (Class(name: "tls"), Class(name: "rest"))
        (tls.transports, rest.addresses) = ([.tls], [])
        let test = try await world([try Self.local { _ in }, tls, rest])
        #expect(test.connect(from: Self.inside).session.rules.name == "inside")
        #expect(test.connect().session.rules.name == "tls")
        #expect(test.connect(secure: false).session.rules.name == "rest")
        #expect(try await world([]).connect().session.rules.name == "*")
        test.connect().disconnect()
        #expect(test.world.classRules.map(\.count) == [1, 1, 1])
    }

    @Test func thereIsAMaximum() async throws {
        let test = try await world([try Self.local { $0.maximum = 2 }])
        let first = test.connect(from: Self.inside)
        _ = test.connect(from: "198.51.100.8")
        let third = test.connect(from: "198.51.100.9")
        #expect(third.isClosed && third.last == "ERROR :Closing link: 198.51.100.9 (Too many connections of the class inside)")
        #expect(!test.connect().isClosed)
        first.disconnect()
        #expect(!test.connect(from: "198.51.100.9").isClosed)
        #expect(test.world.counts.refused[.connectionClass] == 1)
    }

    @Test func addressesHaveALimitOfTheirOwn() async throws {
        let test = try await world([try Self.local { $0.limits.connectionsPerAddress = 3 }]) { $0.limits.connectionsPerAddress = 1 }
        let clients = (0..<4).map { _ in test.connect(from: Self.inside) }
        #expect(clients.map(\.isClosed) == [false, false, false, true])
        #expect(clients[3].last?.hasSuffix("(Too many connections from your address (limit 3))") == true)
        #expect([test.connect(), test.connect()].map(\.isClosed) == [false, true])
    }

    @Test func someHaveToLogIn() async throws {
        let test = try await world([try Self.local { $0.requiresLogin = true }])
        let guest = await test.join("guest", from: Self.inside, keepsGreeting: true)
        #expect(guest.isClosed && guest.all("FAIL").first?.contains("ACCOUNT_REQUIRED") == true && guest.all("001").isEmpty)
        try await test.addAccount("ann", password: "secret")
        let ann = test.connect(from: Self.inside)
        await ann.send("CAP REQ sasl", "NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "CAP END")
        #expect(!ann.isClosed && ann.all("001").count == 1)
        #expect(!(await test.join("other")).isClosed)
    }

    @Test func queuesAndTimesAreTheirOwn() async throws {
        let test = try await world([
            try Self.local {
                $0.limits.sendQueue = 20_000
                $0.limits.receiveQueue = 2048
                $0.limits.registrationTimeout = .seconds(10)
                $0.limits.pingInterval = .seconds(30)
            }
        ])
        let (slow, usual) = (test.connect(from: Self.inside), test.connect())
        await test.advance(seconds: 11)
        #expect(slow.isClosed && slow.last?.contains("Registration timeout") == true && !usual.isClosed)
        let (reader, writer) = (await test.join("reader", in: "#c", from: Self.inside), await test.join("writer", in: "#c"))
        for client in [reader, writer] { client.clear() }
        await test.advance(seconds: 31)
        #expect(reader.all("PING").count == 1 && writer.all("PING").isEmpty)
        await reader.send("PONG x")
        reader.isStalled = true
        for number in 0..<100 { await writer.send("PRIVMSG #c :\(number) " + String(repeating: "x", count: 300)) }
        #expect(reader.wasAborted && reader.unsentBytes < 41_000)
    }

    @Test func theReceiveQueueIsItsOwn() async throws {
        let test = try await world([try Self.local { $0.limits.receiveQueue = 2048 }]) { $0.limits.floodControl = true }
        let (small, usual) = (await test.join("small", from: Self.inside), await test.join("usual"))
        for client in [small, usual] {
            client.sendAtOnce((0..<100).map { "PRIVMSG bob :\($0)" })
            await test.settle()
        }
        #expect(small.isClosed && small.last?.contains("Excess Flood") == true && !usual.isClosed)
    }

    @Test func commandsArePacedByTheClass() async throws {
        let test = try await world([try Self.local { ($0.limits.floodBurst, $0.limits.floodRate) = (50, 50) }]) {
            ($0.limits.floodControl, $0.limits.floodBurst, $0.limits.floodRate) = (true, 10, 1)
        }
        for (address, expected) in [(Self.inside, 40...50), ("192.0.2.9", 1...10)] {
            let client = test.connect(from: address)
            client.sendAtOnce((0..<50).map { "PING \($0)" })
            await test.settle()
            #expect(expected.contains(client.all("PONG").count), "\(address): \(client.all("PONG").count)")
        }
    }

    @Test func channelsAreBoundedAndToldSo() async throws {
        let test = try await world([try Self.local { $0.limits.channelsPerClient = 1 }])
        let client = await test.join("ann", in: "#a", from: Self.inside, keepsGreeting: true)
        #expect(client.lines.contains { $0.contains(" 005 ") && $0.contains(" CHANLIMIT=#:1 ") })
        #expect(await client.ask("JOIN #b").first?.contains(" 405 ") == true)
    }

    /// The same connection is in another class once it is known who that is.
    @Test func aLoginChangesTheClass() async throws {
        var members = Class(name: "members")
        (members.hasAccount, members.maximum, members.limits.sendQueue) = (true, 1, 50_000)
        let test = try await world([members])
        let ann = try await test.logIn("ann")
        #expect(ann.session.rules.name == "members" && ann.session.rules.limits.sendQueue == 50_000)
        #expect(test.world.classRules[0].count == 1 && test.world.commonRules.count == 0)
        let bob = try await test.logIn("bob")
        await test.settle()
        #expect(bob.isClosed)
        await ann.send("NS LOGOUT")
        #expect(ann.session.rules.name == "*" && test.world.classRules[0].count == 0)
    }

    @Test func aGatewayChangesTheClass() async throws {
        var web = Class(name: "web")
        (web.gateways, web.limits.connectionsPerAddress) = (["kiwi"], 1)
        let test = try await world([web]) { $0.gateways = [.init(name: "kiwi", password: "secret", addresses: ["192.0.2.1"])] }
        let (first, second) = (test.connect(), test.connect())
        await first.send("WEBIRC secret kiwi host 203.0.113.9")
        #expect(first.session.rules.name == "web" && !first.isClosed)
        await second.send("WEBIRC secret kiwi host 203.0.113.9")
        #expect(second.isClosed)
    }

    @Test func aReloadCountsForThoseWhoAreHere() async throws {
        let test = try await world([])
        let clients = [await test.join("ann", from: Self.inside), await test.join("bob", from: Self.inside)]
        var configuration = test.world.configuration
        configuration.connectionClasses = [
            try Self.local {
                ($0.maximum, $0.requiresLogin, $0.limits.channelsPerClient) = (1, true, 1)
            }
        ]
        test.world.reconfigure(configuration)
        #expect(clients.allSatisfy { !$0.isClosed && $0.session.rules.name == "inside" } && test.world.classRules[0].count == 2)
        await clients[0].send("JOIN #a")
        #expect(await clients[0].ask("JOIN #b").first?.contains(" 405 ") == true)
        #expect(test.connect(from: Self.inside).isClosed)
        configuration.connectionClasses = []
        test.world.reconfigure(configuration)
        #expect(test.world.commonRules.count == 2 && !test.connect(from: Self.inside).isClosed)
    }

    @Test func statsListsThem() async throws {
        let test = try await world([try Self.local { $0.maximum = 7 }])
        let root = try await test.operate("root")
        _ = test.connect(from: Self.inside)
        #expect(
            await root.ask("STATS y").prefix(2) == [
                ":irc.test 218 root Y inside 120 1/7 1048576", ":irc.test 218 root Y * 120 1/* 1048576",
            ])
    }
}
