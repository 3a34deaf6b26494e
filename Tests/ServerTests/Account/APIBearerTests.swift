import Accounts
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// The token with which a client of freeq uses the HTTP API.
@LoopActor @Suite struct APIBearerTests {
    private let test: TestWorld

    init() async throws {
        test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
    }

    private static func bearers(_ client: TestClient) -> [String] {
        client.lines.compactMap { line in
            let head = ":irc.test NOTICE * :API-BEARER "
            return line.hasPrefix(head) ? String(line.dropFirst(head.count)) : nil
        }
    }

    /// A client that came over a WebSocket.
    private func connect(subprotocol: Bool) -> TestClient {
        var peer = Peer(address: "192.0.2.1", port: 1, isSecure: true, transport: .webSocket)
        peer.takesLongLines = !subprotocol
        return TestClient(in: test, peer: peer)
    }

    private func logIn(_ client: TestClient, _ account: String = "ann", nick: String = "ann") async {
        await client.send("CAP REQ sasl", "NICK \(nick)", "USER \(nick) 0 * :\(nick)", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0\(account)\0secret".utf8).base64EncodedString())", "CAP END")
    }

    /// An account that is logged in without a subprotocol, and its token.
    private func holder() async throws -> (client: TestClient, bearer: String) {
        let client = connect(subprotocol: false)
        await logIn(client)
        return (client, try #require(Self.bearers(client).last))
    }

    @Test func freeqClientsGetOneAndOthersDoNot() async throws {
        let (web, bearer) = try await holder()
        #expect(Self.bearers(web) == [bearer] && bearer.utf8.count == 43 && !bearer.contains(" "))
        let order = web.lines.compactMap { line in ["900", "API-BEARER", "903"].first { line.contains($0) } }
        #expect(order == ["900", "API-BEARER", "903"])
        let modern = connect(subprotocol: true)
        await logIn(modern, nick: "other")
        let plain = test.connect()
        await logIn(plain, nick: "plain")
        #expect(modern.all("903").count == 1 && plain.all("903").count == 1)
        #expect(Self.bearers(modern).isEmpty && Self.bearers(plain).isEmpty)
        let native = await test.logIn("alice", did: TestWorld.alice)
        #expect(Self.bearers(native).count == 1)
    }

    @Test func itSpeaksForThePersonOfTheConnection() async throws {
        let (client, bearer) = try await holder()
        let answer = try await test.world.command("ns", "GET ALWAYS-ON", by: .person(bearer: bearer))
        #expect(answer == ServiceAnswer(lines: ["ALWAYS-ON: DEFAULT"]))
        #expect(try await test.world.command("ns", "LIST", by: .person(bearer: bearer)).lines == ["LIST is for operators of the server"])
        await client.send("JOIN #c", "MODE #c +s")
        #expect(try await test.world.pins(of: "c", for: .person(bearer: bearer)) != nil)
        #expect(try await test.world.pins(of: "c", for: nil) == nil)
        await client.send("PART #c")
        #expect(try await test.world.pins(of: "c", for: .person(bearer: bearer)) == nil)
    }

    @Test func itCountsForNothingBeforeTheConnectionIsRegistered() async throws {
        let client = connect(subprotocol: false)
        await client.send("CAP REQ sasl", "NICK ann", "USER ann 0 * :ann", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())")
        let bearer = try #require(Self.bearers(client).last)
        await #expect(throws: AdministrationError.notLoggedIn) {
            try await test.world.command("ns", "INFO", by: .person(bearer: bearer))
        }
        await client.send("CAP END")
        #expect(try await !test.world.command("ns", "INFO", by: .person(bearer: bearer)).isRefusal)
    }

    enum End: CaseIterable { case disconnect, logout, logoutOverHTTP, suspension, deletion, anotherLogin, stop }

    @Test(arguments: End.allCases)
    func itEndsWithTheLogin(_ end: End) async throws {
        let (client, bearer) = try await holder()
        #expect(test.world.state(ofBearer: bearer) == .live && test.world.state(ofBearer: bearer + "x") == .unknown)
        switch end {
        case .disconnect: client.disconnect()
        case .logout: await client.send("NS LOGOUT")
        case .logoutOverHTTP: _ = try await test.world.command("ns", "LOGOUT", by: .person(bearer: bearer))
        case .suspension: _ = try await test.administer("ns", "SUSPEND ann")
        case .deletion:
            let code = try await test.administer("ns", "SAUNREGISTER ann").last?.split(separator: " ").last ?? ""
            _ = try await test.administer("ns", "SAUNREGISTER ann \(code)")
        case .anotherLogin: await logIn(client)
        case .stop: test.world.shutdown(reason: "x")
        }
        #expect(test.world.state(ofBearer: bearer) == (end == .stop ? .unknown : .ended))
        #expect(test.world.apiBearers.count == (end == .anotherLogin ? 1 : 0))
        await #expect(throws: AdministrationError.notLoggedIn) {
            try await test.world.command("ns", "INFO", by: .person(bearer: bearer))
        }
    }

    /// What is done is done; the answer is for nobody.
    @Test func whoIsGoneMeanwhileGetsNoAnswer() async throws {
        let (client, bearer) = try await holder()
        let answer = Task { @LoopActor in try await test.world.command("ns", "SET ALWAYS-ON OFF", by: .person(bearer: bearer)) }
        while test.world.jobsInFlight == 0 { await Task.yield() }
        client.disconnect()
        await #expect(throws: AdministrationError.notLoggedIn) { try await answer.value }
        #expect(try await test.accounts.find(name: "ann")?.settings.staysOn == false)
    }

    /// The end of the login is answered when it is what was asked for.
    @Test func anAccountIsDeletedOverHTTP() async throws {
        let (client, bearer) = try await holder()
        let asked = try await test.world.command("ns", "UNREGISTER", by: .person(bearer: bearer))
        let code = asked.lines.last?.split(separator: " ").last ?? ""
        let answer = try await test.world.command("ns", "UNREGISTER \(code)", by: .person(bearer: bearer))
        #expect(answer == ServiceAnswer(lines: ["The account ann is deleted"]))
        #expect(client.client.identity == nil && test.world.state(ofBearer: bearer) == .ended)
    }

    /// One for each connection, however often it logs in.
    @Test func thereAreNeverMoreThanConnections() async throws {
        let clients = (0..<3).map { _ in connect(subprotocol: false) }
        for _ in 0..<5 { for client in clients { await logIn(client) } }
        #expect(test.world.apiBearers.count == 3)
        for client in clients { client.disconnect() }
        #expect(test.world.apiBearers.count == 0)
    }

    @Test func notAllThatEndedAreRemembered() async throws {
        let (client, first) = try await holder()
        let second = test.world.apiBearers.issue(to: client.session)
        for _ in 0..<APIBearers.endedLimit - 1 { _ = test.world.apiBearers.issue(to: client.session) }
        #expect(test.world.apiBearers.isEnded(first) && test.world.apiBearers.isEnded(second))
        _ = test.world.apiBearers.issue(to: client.session)
        #expect(!test.world.apiBearers.isEnded(first) && test.world.apiBearers.isEnded(second))
    }

    /// Commands over HTTP and on the connection are paced together.
    @Test func itIsNoWayAroundTheLimits() async throws {
        let test = try await TestWorld { $0.limits.floodControl = true }
        let client = test.connect()
        await client.send("NICK ann", "USER a 0 * :a")
        let record = try await test.accounts.logIn(did: TestWorld.alice, now: 0)
        test.world.logIn(client.session, as: .init(record))
        let bearer = test.world.apiBearers.issue(to: client.session)
        var done = 0
        while (try? await test.world.command("ns", "HELP", by: .person(bearer: bearer))) != nil, done < 1000 { done += 1 }
        #expect(done <= test.world.configuration.limits.floodBurst)
        test.clock.advance(by: .seconds(10))
        #expect((try? await test.world.command("ns", "HELP", by: .person(bearer: bearer))) != nil)
    }
}
