import ATProto
import Accounts
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Passwords for one device each (NickServ DEVICE), and logins with them.
@LoopActor @Suite struct DevicePasswordTests {
    private let test: TestWorld
    private let log = EventLog()

    init() async throws {
        test = try await TestWorld(logger: log.logger)
    }

    private func ask(_ client: TestClient, _ command: String) async -> [String] {
        await client.ask("NS \(command)").map { String($0.drop { $0 != "N" }.split(separator: " :", maxSplits: 1).last ?? "") }
    }

    /// Makes one and returns it.
    private func make(_ client: TestClient, _ name: String, days: String = "") async throws -> String {
        let answer = try #require(await ask(client, "DEVICE ADD \(name) \(days)").first)
        return String(try #require(answer.split(separator: " ").last))
    }

    private func logIn(_ name: String, _ password: String, from address: String = "192.0.2.1") async -> TestClient {
        let client = test.connect(from: address)
        let response = Data("\0\(name)\0\(password)".utf8).base64EncodedString()
        await client.send("CAP REQ :sasl", "NICK other", "USER a 0 * :A", "AUTHENTICATE PLAIN", "AUTHENTICATE \(response)")
        return client
    }

    /// Somebody with an AT Protocol identity.
    private func joinAlice() async throws -> (TestClient, DID) {
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let alice = await test.join("alice")
        await alice.send("AUTHENTICATE ATPROTO-CHALLENGE")
        let token = test.webTokens.mint(did: did, handle: nil)
        await alice.send("AUTHENTICATE " + Base64URL.encode(Data(#"{"did":"","method":"web-token","signature":"\#(token)"}"#.utf8)))
        #expect(alice.client.identity?.did == did)
        return (alice, did)
    }

    @Test func anyClientLogsInWithIt() async throws {
        let (alice, did) = try await joinAlice()
        let password = try await make(alice, "phone")
        #expect(password.count == 34)
        let plain = await logIn(did.text, password)
        #expect(plain.all("903").count == 1)
        #expect(plain.client.identity?.account == did.text && plain.session.device == "phone")
        #expect(await logIn("\(did)@tablet", password.uppercased().replacing("-", with: "")).session.device == "tablet")
        let wrong = String(password.dropLast()) + (password.last == "a" ? "b" : "a")
        #expect(await logIn(did.text, wrong).all("904").count == 1)
        #expect(await ask(alice, "DEVICE LIST").first?.contains("last used 2026-") == true)
        #expect(!log.text.contains(password) && !log.text.contains(wrong))
    }

    @Test func theHandleWillDoWhenItChecksOut() async throws {
        let (alice, did) = try await joinAlice()
        let password = try await make(alice, "phone")
        test.identities.handles[did] = Handle("alice.example.com")
        let client = await logIn("Alice.example.com@phone", password)
        #expect(client.all("903").count == 1)
        #expect(client.client.identity?.handle == Handle("alice.example.com"))
        #expect(await logIn("mallory.example.com", password).all("904").count == 1)
    }

    @Test func itOpensOneAccount() async throws {
        let ann = try await test.logIn("ann")
        try await test.addAccount("bob", password: "secret")
        let password = try await make(ann, "phone")
        #expect(await logIn("ANN", password).all("903").count == 1)
        #expect(await logIn("bob", password).all("904").count == 1)
        try await test.accounts.suspend(name: "ann")
        #expect(await logIn("ann", password).all("904").count == 1)
    }

    @Test func revokingClosesWhatRestsOnIt() async throws {
        let ann = try await test.logIn("ann")
        let (phone, laptop) = (try await make(ann, "phone"), try await make(ann, "laptop"))
        let (first, second) = (await logIn("ann", phone), await logIn("ann@x", laptop))
        #expect(await ask(ann, "DEVICE DEL PHONE").first == "PHONE no longer logs you in; connections that used it are closed")
        #expect(first.isClosed && first.last?.contains("device password of this connection was revoked") == true)
        #expect(!second.isClosed && !ann.isClosed)
        #expect(await logIn("ann", phone).all("904").count == 1)
        #expect(await ask(ann, "DEVICE DEL phone") == ["You have no device password called phone"])
    }

    @Test func alsoWhenWhoeverRevokedItIsGone() async throws {
        let ann = try await test.logIn("ann")
        let phone = await logIn("ann", try await make(ann, "phone"))
        ann.sendAtOnce(["NS DEVICE DEL phone"])
        ann.disconnect()
        await test.settle()
        #expect(phone.isClosed)
    }

    @Test func thePersonOfADIDNeedsNoConnection() async throws {
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let world = test.world
        #expect(try await world.devicePasswords(of: .identity(did)).isEmpty)
        #expect(try await world.revokeDevicePassword("phone", of: .identity(did)) == false)
        let made = try await world.makeDevicePassword(try DevicePasswordOrder(name: "phone", days: nil), for: .identity(did))
        guard case .made(let password) = made.outcome else { return #expect(Bool(false)) }
        let phone = await logIn(made.account, password.text)
        #expect(phone.client.identity?.did == did)
        #expect(try await world.devicePasswords(of: .identity(did)).map(\.name) == ["phone"])
        #expect(try await world.revokeDevicePassword("PHONE", of: .identity(did)))
        await test.settle()
        #expect(phone.isClosed)
    }

    @Test func noAccountMakesManyInAnHour() async throws {
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let order = try DevicePasswordOrder(name: "phone", days: nil)
        for _ in 0..<DevicePasswords.hourlyLimit {
            guard case .made = try await test.world.makeDevicePassword(order, for: .identity(did)).outcome else {
                return #expect(Bool(false))
            }
            _ = try await test.world.revokeDevicePassword("phone", of: .identity(did))
        }
        #expect(try await test.world.makeDevicePassword(order, for: .identity(did)).outcome == .tooOften)
        test.clock.advance(by: .seconds(3601))
        #expect(try await test.world.makeDevicePassword(order, for: .identity(did)).outcome.refusal == nil)
    }

    @Test func alsoWhileTheLoginIsJudged() async throws {
        let ann = try await test.logIn("ann")
        let password = try await make(ann, "phone")
        let client = test.connect()
        let response = Data("\0ann\0\(password)".utf8).base64EncodedString()
        client.sendAtOnce(["NICK late", "USER a 0 * :A", "AUTHENTICATE PLAIN", "AUTHENTICATE \(response)"])
        ann.sendAtOnce(["NS DEVICE DEL phone"])
        await test.settle()
        #expect(client.isClosed || client.client.identity == nil)
    }

    @Test func itEndsByItself() async throws {
        let ann = try await test.logIn("ann")
        let password = try await make(ann, "phone", days: "2")
        test.clock.advance(by: .seconds(2 * 86_400 - 1))
        #expect(await logIn("ann", password).all("903").count == 1)
        test.clock.advance(by: .seconds(1))
        #expect(await logIn("ann", password).all("904").count == 1)
        #expect(await ask(ann, "DEVICE LIST").first?.contains(", expired 2026-") == true)
        #expect(try await make(ann, "phone") != password)
    }

    @Test func whatRestsOnItEndsWithIt() async throws {
        let ann = try await test.logIn("ann")
        let (short, long, endless) = (
            try await make(ann, "phone", days: "1"), try await make(ann, "tablet", days: "2"), try await make(ann, "laptop")
        )
        let (phone, tablet, laptop) = (await logIn("ann", short), await logIn("ann", long), await logIn("ann", endless))
        // One that speaks for a person with several connections, and one that has logged out and in again.
        let shared = await logIn("ann@second", short)
        let changed = await logIn("ann", short)
        for client in [phone, tablet, laptop, shared] { await client.send("CAP END") }
        #expect(phone.client === shared.client && phone.session.isRegistered)
        await changed.send("NICK changed", "CAP END", "NS LOGOUT")
        #expect(changed.client.identity == nil)
        let response = Data("\0ann\0secret".utf8).base64EncodedString()
        await changed.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(response)")
        test.clock.advance(by: .seconds(86_400 - 1))
        func hear() async { for client in [ann, phone, tablet, laptop, shared, changed] { await client.send("PONG x") } }
        await hear()
        test.world.tick()
        await test.settle()
        #expect(!phone.isClosed && !shared.isClosed)
        test.clock.advance(by: .seconds(1))
        test.world.tick()
        await test.settle()
        for client in [phone, shared] {
            #expect(client.isClosed && client.last?.contains("The device password of this connection has expired") == true)
        }
        #expect(!tablet.isClosed && !laptop.isClosed && !changed.isClosed && !ann.isClosed)
        test.clock.advance(by: .seconds(86_400))
        await hear()
        test.world.tick()
        await test.settle()
        #expect(tablet.isClosed && !laptop.isClosed && !changed.isClosed && !ann.isClosed)
    }

    @Test func mistakesAndBounds() async throws {
        let ann = try await test.logIn("ann")
        for name in ["a@b", ".", "..", ".a"] {
            #expect(await ask(ann, "DEVICE ADD \(name)").first?.hasPrefix("The name of a device has") == true)
        }
        for days in ["0", "3651", "-1", "99999999999999999999"] {
            #expect(await ask(ann, "DEVICE ADD phone \(days)") == ["It can be good for 1 to 3650 days"])
        }
        #expect(
            await ask(ann, "DEVICE ADD my phone") == ["It can be good for 1 to 3650 days; a name has no spaces: DEVICE ADD my-phone"])
        for number in 0..<DevicePasswords.limit { _ = try await make(ann, "d\(number)") }
        #expect(await ask(ann, "DEVICE ADD D0").first?.contains("and more is not allowed") == true)
        await ann.send("NS DEVICE DEL d1")
        #expect(await ask(ann, "DEVICE ADD D0") == ["You have a device password called D0 already"])
        try await test.accounts.delete(name: "ANN")
        #expect(try await test.accounts.devicePasswords(ofAccount: "ann").isEmpty)
    }

    @Test func itMakesNoOtherCredentials() async throws {
        let ann = try await test.logIn("ann")
        let password = try await make(ann, "phone")
        let phone = await logIn("ann", password)
        await phone.send("CAP END")
        #expect(await ask(phone, "DEVICE ADD more").first?.contains("can change nothing about what logs in") == true)
        #expect(await ask(phone, "PASSWD \(password) longer-one longer-one") == ["A device password does not change the password"])
    }

    @Test func strangersCannotLockItOut() async throws {
        let ann = try await test.logIn("ann")
        let password = try await make(ann, "phone")
        for number in 0..<110 { _ = await logIn("ann", "wrong", from: "198.51.100.\(number)") }
        #expect(await logIn("ann", "secret", from: "203.0.113.1").all("904").count == 1)
        #expect(await logIn("ann", password, from: "203.0.113.1").all("903").count == 1)
        #expect(await logIn("ann", "secret").all("903").count == 1)
    }
}
