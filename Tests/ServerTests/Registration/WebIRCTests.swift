import Accounts
import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct WebIRCTests {
    private func world(_ password: String = "hunter2") async throws -> TestWorld {
        try await TestWorld {
            $0.gateways = [.init(name: "kiwi", password: password, addresses: ["203.0.113.5"])]
            $0.limits.connectionsPerAddress = 2
        }
    }

    @Test func theClientIsWhereTheGatewaySays() async throws {
        let test = try await world()
        let alice = test.connect(from: "203.0.113.5")
        let fingerprint = String(repeating: "AB", count: 32)
        await alice.send(
            "WEBIRC hunter2 kiwi host.example 198.51.100.3 :secure remote-port=21726 certfp-sha-256=\(fingerprint)", "NICK alice",
            "USER a 0 * :A")
        #expect(alice.client.address == "198.51.100.3" && alice.client.isSecure)
        #expect(alice.session.peer.port == 21726 && alice.client.certificateFingerprints == [fingerprint.lowercased()])
        let direct = await test.join("direct", from: "198.51.100.3")
        #expect(alice.client.host == direct.client.host)
        #expect(await direct.ask("WHOIS alice").contains(":irc.test 320 direct alice :is connecting through the gateway kiwi"))
        await alice.send("QUIT")
        // Its place is free again, and the gateway takes none.
        for nick in ["b", "c"] { #expect(await test.join(nick, from: "203.0.113.5").isClosed == false) }
    }

    @Test func secureNeedsTheWholeWay() async throws {
        let test = try await world()
        let plain = test.connect(from: "203.0.113.5", secure: false)
        await plain.send("WEBIRC hunter2 kiwi h 0::1 secure")
        #expect(plain.client.address == "::1" && !plain.client.isSecure)
        let unsaid = test.connect(from: "203.0.113.5")
        await unsaid.send("WEBIRC hunter2 kiwi h 198.51.100.3")
        #expect(!unsaid.client.isSecure)
    }

    @Test func theHashOfAPasswordWillDo() async throws {
        let hash = try await PasswordHasher(cost: .test).hash("hunter2")
        let test = try await world(hash)
        let (right, wrong) = (test.connect(from: "203.0.113.5"), test.connect(from: "203.0.113.5"))
        await right.send("WEBIRC hunter2 kiwi h 198.51.100.3")
        await wrong.send("WEBIRC \(hash) kiwi h 198.51.100.3")
        #expect(right.client.address == "198.51.100.3" && wrong.isClosed)
    }

    @Test(arguments: [
        ("203.0.113.5", "WEBIRC wrong kiwi h 198.51.100.3", "Invalid WebIRC password"),
        ("203.0.113.6", "WEBIRC hunter2 kiwi h 198.51.100.3", "This gateway is not known here"),
        ("203.0.113.5", "WEBIRC hunter2 other h 198.51.100.3", "This gateway is not known here"),
        ("203.0.113.5", "WEBIRC hunter2 kiwi h nowhere", "WEBIRC needs the IP address of the client"),
    ])
    func whoMayNotIsCutOff(_ address: String, _ line: String, _ reason: String) async throws {
        let test = try await world()
        let client = test.connect(from: address)
        await client.send(line)
        #expect(client.isClosed && client.last == "ERROR :Closing link: \(address) (\(reason))")
    }

    @Test(arguments: ["NICK a", "CAP LS", "USER a 0 * :A"])
    func itComesFirst(_ line: String) async throws {
        let test = try await world()
        let client = test.connect(from: "203.0.113.5")
        await client.send(line, "WEBIRC hunter2 kiwi h 198.51.100.3")
        #expect(client.isClosed && client.last?.contains("WEBIRC must be the first command") == true)
    }

    @Test(arguments: ["=", "=secure", "= = secure=", "a=b=c"])
    func oddOptionsDoNoHarm(_ options: String) async throws {
        let test = try await world()
        let client = test.connect(from: "203.0.113.5")
        await client.send("WEBIRC hunter2 kiwi h 198.51.100.3 :\(options)")
        #expect(client.client.address == "198.51.100.3" && client.client.isSecure == options.hasSuffix("secure="))
    }

    @Test func limitsCountForTheClient() async throws {
        let test = try await world()
        for number in 0..<3 {
            let client = test.connect(from: "203.0.113.5")
            await client.send("WEBIRC hunter2 kiwi h 198.51.100.3")
            #expect(client.isClosed == (number == 2))
        }
    }
}
