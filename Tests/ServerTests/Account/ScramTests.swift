import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Logins with SCRAM-SHA-256: what goes to and fro, and what nobody learns.
@LoopActor @Suite struct ScramTests {
    private let test: TestWorld

    init() async throws {
        test = try await TestWorld { $0.accounts.scram = true }
        try await test.addAccount("Ann", password: "secret")
    }

    private func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func numerics(_ lines: [String]) -> [String] {
        lines.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    }

    /// A connection that has named an account, and the challenge it got; nil: it was refused.
    private func begin(_ client: ScramClient, from address: String = "192.0.2.1") async -> (TestClient, String?) {
        let connection = test.connect(from: address)
        await connection.send("CAP REQ :sasl", "NICK guest", "USER a 0 * :A", "AUTHENTICATE SCRAM-SHA-256")
        return (connection, await challenge(connection, client))
    }

    private func challenge(_ connection: TestClient, _ client: ScramClient) async -> String? {
        await connection.send("AUTHENTICATE \(encoded(client.first))")
        guard let last = connection.last, last.hasPrefix("AUTHENTICATE ") else { return nil }
        return Data(base64Encoded: String(last.dropFirst(13))).map { String(decoding: $0, as: UTF8.self) }
    }

    private func final(_ challenge: String?, _ client: ScramClient) throws -> (message: String, acknowledgement: String) {
        try #require(challenge.flatMap { client.final($0) })
    }

    /// The whole login; the numerics that end it.
    private func logIn(_ client: ScramClient, from address: String = "192.0.2.1") async throws -> (TestClient, [String]) {
        let (connection, challenge) = await begin(client, from: address)
        guard challenge != nil else { return (connection, numerics(connection.lines).filter { $0.hasPrefix("90") }) }
        let final = try final(challenge, client)
        let answer = await connection.ask("AUTHENTICATE \(encoded(final.message))")
        guard answer == ["AUTHENTICATE \(encoded(final.acknowledgement))"] else { return (connection, numerics(answer)) }
        #expect(connection.client.identity == nil)
        return (connection, numerics(await connection.ask("AUTHENTICATE +")))
    }

    @Test func itLogsIn() async throws {
        let (client, answer) = try await logIn(ScramClient(name: "ann", password: "secret"))
        #expect(answer == ["900", "903"])
        #expect(client.client.identity?.account == "Ann")
        await client.send("CAP END")
        #expect(client.all("001").count == 1)
    }

    @Test func itIsThereOnlyWhenItIsOn() async throws {
        #expect(await test.connect().ask("CAP LS 302").contains { $0.contains("sasl=SCRAM-SHA-256,PLAIN,") })
        #expect(await test.connect().ask("AUTHENTICATE NO").first?.contains(" SCRAM-SHA-256,PLAIN,") == true)
        let other = try await TestWorld()
        #expect(await !other.connect().ask("CAP LS 302").contains { $0.contains("SCRAM") })
        #expect(await numerics(other.connect().ask("AUTHENTICATE SCRAM-SHA-256")) == ["908", "904"])
    }

    @Test func theDeviceIsInTheName() async throws {
        let (client, answer) = try await logIn(ScramClient(name: "ann@phone", password: "secret"))
        #expect(answer == ["900", "903"])
        #expect(client.session.device == "phone")
    }

    @Test func passwordsOfDevicesAreForPlain() async throws {
        let made = try await DevicePasswords(accounts: test.accounts, hasher: test.hasher).make(
            DevicePasswordOrder(name: "phone", days: nil), account: "ann", now: test.clock.wallMilliseconds)
        guard case .made(let password) = made else { throw CancellationError() }
        for name in ["ann", "ann@phone"] {
            #expect(try await logIn(ScramClient(name: name, password: password.text)).1 == ["904"])
        }
    }

    @Test func nobodyLearnsWhichAccountsThereAre() async throws {
        func salt(_ name: String) async throws -> Substring {
            let challenge = try #require(await begin(ScramClient(name: name, password: "x")).1)
            #expect(challenge.hasSuffix(",i=16"))
            return try #require(challenge.split(separator: ",").dropFirst().first)
        }
        // An account that has no verifier looks like one that is not there.
        _ = try await test.accounts.create(AccountRecord(name: "old", passwordHash: try await test.hasher.hash("secret"), createdAt: 0))
        for name in ["ann", "old", "nobody", "did:plc:abcdefghijklmnopqrstuvwx", "someone.example.com", "n\u{F8}body"] {
            let first = try await salt(name)
            #expect(try await salt(name.uppercased()) == first)
            #expect(first.count == "s=".count + 24)
        }
        #expect(try await logIn(ScramClient(name: "old", password: "secret")).1 == ["904"])
        #expect(try await logIn(ScramClient(name: "nobody", password: "secret")).1 == ["904"])
    }

    @Test func aLoginWithPlainMakesWhatIsMissing() async throws {
        _ = try await test.accounts.create(AccountRecord(name: "old", passwordHash: try await test.hasher.hash("secret"), createdAt: 0))
        let client = await test.join("guest")
        await client.send("AUTHENTICATE PLAIN")
        #expect(numerics(await client.ask("AUTHENTICATE \(encoded("\0old\0wrong"))")) == ["904"])
        #expect(try await test.accounts.find(name: "old")?.scramVerifier == nil)
        await client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(encoded("\0old\0secret"))")
        #expect(try await logIn(ScramClient(name: "old", password: "secret")).1 == ["900", "903"])
    }

    @Test func newPasswordsCount() async throws {
        let ben = await test.join("ben")
        await ben.send("REGISTER * * longenough")
        #expect(try await logIn(ScramClient(name: "ben", password: "longenough")).1 == ["900", "903"])
        await ben.send("NS PASSWD longenough another1 another1")
        #expect(try await logIn(ScramClient(name: "ben", password: "longenough")).1 == ["904"])
        #expect(try await logIn(ScramClient(name: "ben", password: "another1")).1 == ["900", "903"])
    }

    @Test func codesByMailKeepTheVerifier() async throws {
        let test = try await TestWorld {
            $0.accounts.scram = true
            $0.accounts.needsEmail = true
        }
        let ben = await test.join("ben")
        await ben.send("REGISTER * ben@example.com longenough")
        let mail = try #require(test.mailbox.last)
        let code = try #require(mail.split(separator: "VERIFY ben ").last?.split(separator: "\n").first)
        await ben.send("VERIFY ben \(code)")
        #expect(try await test.accounts.find(name: "ben")?.scramVerifier?.hasPrefix("SCRAM-SHA-256$16:") == true)
    }

    @Test func aPasswordThatChangesMeanwhileIsNotTaken() async throws {
        let client = ScramClient(name: "ann", password: "secret")
        let (connection, challenge) = await begin(client)
        let final = try final(challenge, client)
        try await test.accounts.setPasswordHash("x", name: "ann")
        #expect(numerics(await connection.ask("AUTHENTICATE \(encoded(final.message))")) == ["904"])
    }

    @Test func norOneThatChangesBeforeTheLastWord() async throws {
        let client = ScramClient(name: "ann", password: "secret")
        let (connection, challenge) = await begin(client)
        let final = try final(challenge, client)
        await connection.send("AUTHENTICATE \(encoded(final.message))")
        try await test.accounts.suspend(name: "ann")
        #expect(numerics(await connection.ask("AUTHENTICATE +")) == ["902", "904"])
        #expect(connection.client.identity == nil)
    }

    @Test func aClosedAccountIsToldOnlyToItsOwner() async throws {
        try await test.accounts.suspend(name: "ann")
        #expect(try await logIn(ScramClient(name: "ann", password: "wrong")).1 == ["904"])
        #expect(try await logIn(ScramClient(name: "ann", password: "secret")).1 == ["902", "904"])
    }

    @Test func aClientMayStopAtEveryStep() async throws {
        let client = ScramClient(name: "ann", password: "secret")
        for step in 0..<3 {
            let (connection, challenge) = await begin(client)
            let final = try final(challenge, client)
            if step == 0 { await connection.send("AUTHENTICATE SCRAM-SHA-256") }
            if step == 2 { await connection.send("AUTHENTICATE \(encoded(final.message))") }
            #expect(numerics(await connection.ask("AUTHENTICATE *")) == ["906"])
            #expect(connection.client.identity == nil)
            // What was proven is gone with it.
            #expect(await connection.ask("AUTHENTICATE +").isEmpty)
            #expect(connection.client.identity == nil)
            #expect(numerics(await connection.ask("CAP END")).contains("001"))
            connection.disconnect()
        }
    }

    @Test func aProofIsForOneExchange() async throws {
        let client = ScramClient(name: "ann", password: "secret")
        let (first, challenge) = await begin(client)
        let final = try final(challenge, client)
        let (second, _) = await begin(client)
        #expect(numerics(await second.ask("AUTHENTICATE \(encoded(final.message))")) == ["904"])
        #expect(await first.ask("AUTHENTICATE \(encoded(final.message))") == ["AUTHENTICATE \(encoded(final.acknowledgement))"])
        #expect(numerics(await first.ask("AUTHENTICATE \(encoded(final.message))")) == ["904"])
    }

    @Test func wrongPasswordsCountAsInPlain() async throws {
        let connection = await begin(ScramClient(name: "ann", password: "wrong")).0
        for _ in 0..<3 {
            let challenge = try #require(connection.lines.last { $0.hasPrefix("AUTHENTICATE ") && $0.count > 20 }).dropFirst(13)
            let text = Data(base64Encoded: String(challenge)).map { String(decoding: $0, as: UTF8.self) }
            let final = try final(text, ScramClient(name: "ann", password: "wrong"))
            await connection.send(
                "AUTHENTICATE \(encoded(final.message))", "AUTHENTICATE SCRAM-SHA-256",
                "AUTHENTICATE \(encoded(ScramClient(name: "ann", password: "wrong").first))")
        }
        #expect(connection.all("904").count == 3 && connection.isClosed)
    }

    @Test func guessesRunOutByAddressAndByAccount() async throws {
        let (wrong, right) = (ScramClient(name: "ann", password: "wrong"), ScramClient(name: "ann", password: "secret"))
        let (early, challenge) = await begin(right, from: "203.0.113.77")
        for number in 0..<100 {
            #expect(try await logIn(wrong, from: "198.51.100.\(number / 10)").1 == ["904"])
        }
        // The address has failed ten times, the account a hundred times.
        let answer = try await logIn(ScramClient(name: "ben", password: "x"), from: "198.51.100.3").0
        #expect(answer.all("904").last?.contains("too many failed logins") == true)
        // Each address has one guess of its own there.
        #expect(try await logIn(wrong, from: "203.0.113.9").1 == ["904"])
        let second = try await logIn(right, from: "203.0.113.9").0
        #expect(second.all("904").last?.contains("too many failed logins") == true)
        // So its owner gets in, also who asked for the challenge before.
        let final = try final(challenge, right)
        await early.send("AUTHENTICATE \(encoded(final.message))")
        #expect(numerics(await early.ask("AUTHENTICATE +")) == ["900", "903"])
        test.clock.advance(by: .seconds(3600))
        #expect(try await logIn(right, from: "203.0.113.9").1 == ["900", "903"])
    }

    @Test func lookUpsRunOutToo() async throws {
        for number in 0..<31 {
            let (client, challenge) = await begin(ScramClient(name: "ann", password: "x"), from: "198.51.100.1")
            #expect((challenge == nil) == (number == 30))
            if challenge == nil { #expect(client.all("904").count == 1) }
            client.disconnect()
        }
        #expect(await begin(ScramClient(name: "ann", password: "x"), from: "198.51.100.2").1 != nil)
    }

    @Test func itMayBeRepeatedAfterRegistration() async throws {
        let client = await test.join("guest")
        for _ in 0..<2 {
            await client.send("AUTHENTICATE SCRAM-SHA-256")
            let scram = ScramClient(name: "ann", password: "secret")
            let final = try final(await challenge(client, scram), scram)
            await client.send("AUTHENTICATE \(encoded(final.message))")
            #expect(numerics(await client.ask("AUTHENTICATE +")).filter { $0.hasPrefix("90") } == ["900", "903"])
        }
    }
}
