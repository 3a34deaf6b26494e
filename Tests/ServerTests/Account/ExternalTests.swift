import Accounts
import Foundation
import MainLoop
import Store
import Testing

@testable import Server

/// Login with a client certificate (SASL EXTERNAL) and NickServ CERT.
@LoopActor @Suite struct ExternalTests {
    private static let fingerprint = String(repeating: "ab", count: 32)
    private let test: TestWorld

    init() async throws {
        test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
    }

    private func connect(certificate: String? = ExternalTests.fingerprint) -> TestClient {
        var peer = Peer(address: "192.0.2.1", port: 1, isSecure: true, transport: .tls)
        peer.certificateFingerprint = certificate
        return TestClient(in: test, peer: peer)
    }

    private func registered(_ nick: String, account: String = "ann") async -> TestClient {
        let client = connect()
        await client.send("NICK \(nick)", "USER a 0 * :A", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0\(account)\0secret".utf8).base64EncodedString())")
        client.clear()
        return client
    }

    private func ask(_ client: TestClient, _ command: String) async -> [String] {
        await client.ask("NS \(command)").map { String($0.drop { $0 != "N" }.split(separator: " :", maxSplits: 1).last ?? "") }
    }

    private func logIn(_ client: TestClient, _ response: String = "+") async -> String? {
        await client.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE \(response)")
        return client.last
    }

    @Test func aCertificateLogsIn() async throws {
        let ann = await registered("ann")
        #expect(await ask(ann, "CERT ADD") == ["\(Self.fingerprint) logs you in from now on (SASL EXTERNAL)"])
        #expect(await ask(ann, "CERT LIST").first?.hasPrefix("  \(Self.fingerprint)  since 2026-") == true)
        let second = connect()
        #expect(await second.ask("CAP LS 302").contains { $0.contains("sasl=EXTERNAL,PLAIN,") })
        #expect(await logIn(second)?.contains(" 903 ") == true)
        #expect(second.client.identity?.account == "ann")
        let named = connect()
        #expect(await logIn(named, Data("ANN@phone".utf8).base64EncodedString())?.contains(" 903 ") == true)
        #expect(named.client.identity?.device == "phone")
        #expect(
            await ask(ann, "CERT DEL \(Self.fingerprint.uppercased())") == [
                "\(Self.fingerprint) no longer logs you in; connections that used it are closed"
            ])
        // What rested on it is over, and what rests on the password is not.
        for client in [second, named] {
            #expect(client.isClosed && client.last?.contains("The certificate of this connection was removed") == true)
        }
        #expect(!ann.isClosed)
        #expect(await logIn(connect())?.contains(" 904 ") == true)
    }

    @Test func aCertificateThatIsRemovedMeanwhileOpensNothing() async throws {
        let ann = await registered("ann")
        await ann.send("NS CERT ADD")
        let late = connect()
        late.sendAtOnce(["NICK late", "USER a 0 * :A", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +"])
        ann.sendAtOnce(["NS CERT DEL \(Self.fingerprint)"])
        await test.settle()
        #expect(late.isClosed || late.client.identity == nil)
        // However the two meet: a login that was judged before is judged anew.
        let identity = try await test.world.services.authenticator.authenticate(
            .plain(account: "ann", password: "secret"), from: "192.0.2.1"
        ).get()
        var old = identity
        old.proof = .certificate(Self.fingerprint)
        await #expect(throws: SASLFailure.rejected) { try await test.world.services.authenticator.renewed(old) }
    }

    @Test func otherCertificatesAndNamesDoNot() async throws {
        let ann = await registered("ann")
        await ann.send("NS CERT ADD")
        try await test.addAccount("bob", password: "secret")
        #expect(await logIn(connect(certificate: String(repeating: "cd", count: 32)))?.contains(" 904 ") == true)
        #expect(await logIn(connect(), Data("bob".utf8).base64EncodedString())?.contains(" 904 ") == true)
        #expect(await logIn(connect(), "***")?.hasSuffix("(bad response)") == true)
        let bare = connect(certificate: nil)
        #expect(await logIn(bare)?.hasSuffix("(your connection shows no certificate)") == true)
        #expect(!(await bare.ask("CAP LS 302").contains { $0.contains("EXTERNAL") }))
        try await test.accounts.suspend(name: "ann")
        #expect(await logIn(connect())?.contains(" 904 ") == true)
    }

    @Test func aCertificateOpensOneAccount() async throws {
        let ann = await registered("ann")
        try await test.addAccount("bob", password: "secret")
        let bob = await registered("bob", account: "bob")
        await ann.send("NS CERT ADD")
        #expect(await ask(bob, "CERT ADD") == ["\(Self.fingerprint) logs somebody in already"])
        #expect(await ask(bob, "CERT DEL \(Self.fingerprint)") == ["You have no certificate with this fingerprint"])
        #expect(await ask(bob, "CERT ADD xyz").first?.hasPrefix("A fingerprint has 64") == true)
        let colons = Array(repeating: "EF", count: 32).joined(separator: ":")
        // Somebody else's, perhaps: its owner would be logged in to this account.
        #expect(await ask(bob, "CERT ADD \(colons)").first?.hasPrefix("Connect with this certificate") == true)
        #expect(await ask(bob, "CERT ADD \(Self.fingerprint.uppercased())") == ["\(Self.fingerprint) logs somebody in already"])
    }

    @Test func theyAreBoundedAndEndWithTheAccount() async throws {
        for number in 0..<10 {
            let fingerprint = String(repeating: "0", count: 63) + String(number, radix: 16)
            #expect(try await test.accounts.add(certificate: fingerprint, toAccount: "ann", limit: 10, now: 0) == .added)
        }
        let ann = await registered("ann")
        #expect(await ask(ann, "CERT ADD").first?.hasPrefix("You have 10 certificates") == true)
        try await test.accounts.delete(name: "ANN")
        #expect(try await test.accounts.certificates(ofAccount: "ann").isEmpty)
    }
}
