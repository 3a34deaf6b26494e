import ATProto
import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// What the owner of an account does with it over HTTP.
@Suite @LoopActor struct AccountOwnerTests {
    let test: TestWorld
    let alice: DID

    init() async throws {
        test = try await TestWorld()
        alice = try #require(DID(TestWorld.alice))
    }

    @Test func whoeverHasNoAccountYetSeesWhatItWillBe() async throws {
        let own = try await test.world.ownAccount(of: .identity(alice))
        #expect(own == OwnAccount(name: alice.text, did: alice.text, handle: nil, isLinked: false))
        #expect(try await test.world.unlinkIdentity(of: .identity(alice)) == .nothing)
        #expect(try await test.accounts.find(did: alice.text) == nil)
        _ = await test.logIn("web", did: alice.text, handle: "alice.example.com")
        #expect(try await test.world.ownAccount(of: .identity(alice)).handle == "alice.example.com")
        #expect(try await test.world.unlinkIdentity(of: .identity(alice)) == .nothing)
    }

    @Test func unlinkingIsTheSameAsOnIRC() async throws {
        let ann = try await test.logIn("ann")
        _ = try await test.accounts.link(did: alice.text, toAccount: "ann")
        let login = test.webLogins.add(alice)
        let web = await test.logIn("web", did: alice.text, login: login)
        let bearer = AccountOwner.connection(bearer: test.world.apiBearers.issue(to: ann.session))
        #expect(try await test.world.ownAccount(of: bearer) == OwnAccount(name: "ann", did: alice.text, handle: nil, isLinked: true))
        #expect(try await test.world.unlinkIdentity(of: bearer) == .unlinked(alice.text))
        await test.settle()
        #expect(web.isClosed && !ann.isClosed && test.webLogins.all.first?.endedBecause == "the identity was unlinked")
        #expect(try await test.world.unlinkIdentity(of: bearer) == .nothing)
        #expect(try await test.world.unlinkIdentity(of: .identity(alice)) == .nothing)
    }

    @Test func aConnectionOwnsAsMuchAsItsLogin() async throws {
        let ann = try await test.logIn("ann")
        let owner = AccountOwner.connection(bearer: test.world.apiBearers.issue(to: ann.session))
        let made = try await test.world.makeDevicePassword(try DevicePasswordOrder(name: "phone", days: nil), for: owner)
        guard case .made(let password) = made.outcome else {
            Issue.record("none was made")
            return
        }
        #expect(made.account == "ann")
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password.text)")
        let other = AccountOwner.connection(bearer: test.world.apiBearers.issue(to: phone.session))
        await #expect(throws: AccountOwner.Refusal.devicePassword) { try await test.world.unlinkIdentity(of: other) }
        await #expect(throws: AccountOwner.Refusal.devicePassword) {
            try await test.world.makeDevicePassword(try DevicePasswordOrder(name: "more", days: nil), for: other)
        }
        await #expect(throws: AccountOwner.Refusal.devicePassword) { try await test.world.revokeDevicePassword("phone", of: other) }
        #expect(try await test.world.devicePasswords(of: other).map(\.name) == ["phone"])
        #expect(try await test.world.revokeDevicePassword("phone", of: owner))
        await test.settle()
        await #expect(throws: AccountOwner.Refusal.notLoggedIn) { try await test.world.ownAccount(of: other) }
    }

    /// A device password that was stolen ends nothing: neither the account nor what opens it.
    @Test(arguments: [
        "UNREGISTER", "DEVICE DEL phone", "DEVICE ADD more", "CERT DEL \(String(repeating: "ab", count: 32))",
        "PASSWD other-secret other-secret",
        "SET EMAIL a@example.com", "UNLINK",
    ])
    func aDevicePasswordChangesNothingAboutTheAccount(_ command: String) async throws {
        let ann = try await test.logIn("ann")
        let owner = AccountOwner.connection(bearer: test.world.apiBearers.issue(to: ann.session))
        let order = try DevicePasswordOrder(name: "phone", days: nil)
        guard case .made(let password) = try await test.world.makeDevicePassword(order, for: owner).outcome else {
            Issue.record("none was made")
            return
        }
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password.text)")
        phone.clear()
        let said = await phone.ask("NS \(command)")
        #expect(said.count == 1 && said.first?.contains("can change nothing about what logs in") == true, "\(said)")
        #expect(try await test.accounts.find(name: "ann") != nil)
    }

    /// Nor what outlives it: who runs channels, what was said, who is here.
    @Test(arguments: [
        "CS UNREGISTER #c", "CS AMODE #c +o eve", "CS TRANSFER #c eve", "CS CLEAR #c ACCESS", "HISTSERV FORGET", "HISTSERV EXPORT",
        "NS SESSIONS LOGOUT ALL",
    ])
    func aDevicePasswordLeavesNothingBehind(_ command: String) async throws {
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("CS REGISTER #c")
        let password = try #require(
            ServiceDeskTests.said(await ann.ask("NS DEVICE ADD phone"), "NickServ").first?.split(separator: " ").last)
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password)")
        phone.clear()
        let said = await phone.ask(command)
        #expect(said.count == 1 && said.first?.contains("You are logged in with a device password") == true, "\(said)")
        #expect(!ann.isClosed)
    }

    /// Whoever is thrown out takes no link to what was said along.
    @Test(arguments: ["NS SESSIONS LOGOUT ALL", "NS DEVICE DEL phone", "NS PASSWD secret longer-secret longer-secret"])
    func linksToWhatWasSaidEndWithLogins(_ command: String) async throws {
        let ann = try await test.logIn("ann")
        await ann.send("NS DEVICE ADD phone")
        let link = try #require(ServiceDeskTests.said(await ann.ask("HISTSERV EXPORT"), "HistServ").first)
        let token = String(try #require(link.split(separator: "=").last))
        #expect(try await test.world.export(token: token, after: 0) != nil)
        await ann.send(command)
        #expect(try await test.world.export(token: token, after: 0) == nil)
    }

    @Test func aConnectionAsksNoFasterOverHTTP() async throws {
        let test = try await TestWorld { $0.limits.floodControl = true }
        let ann = try await test.logIn("ann")
        test.clock.advance(by: .seconds(10))
        let owner = AccountOwner.connection(bearer: test.world.apiBearers.issue(to: ann.session))
        await #expect {
            for _ in 0..<100 { _ = try await test.world.ownAccount(of: owner) }
        } throws: { error in
            if case AccountOwner.Refusal.tooFast(let wait) = error { wait > .zero } else { false }
        }
        test.clock.advance(by: .seconds(10))
        #expect(try await test.world.ownAccount(of: owner).name == "ann")
    }
}
