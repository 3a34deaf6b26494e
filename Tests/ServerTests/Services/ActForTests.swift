import Accounts
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

/// `FOR <account> <command>`.
@LoopActor @Suite struct ActForTests {
    private let test: TestWorld
    private static let fingerprint = String(repeating: "ab", count: 32)

    init() async throws {
        test = try await TestWorld()
        try await test.addAccount("bob", password: "secret")
    }

    private func ask(_ service: String, _ text: String) async throws -> [String] { try await test.administer(service, text) }

    @Test func theOwnSettingsOfOthers() async throws {
        let bob = await test.join("bob")
        await bob.send("NS IDENTIFY secret", "JOIN #c")
        #expect(try await ask("ns", "FOR bob SET ALWAYS-ON ON") == ["ALWAYS-ON is ON now"])
        #expect(bob.client.staysOn)
        #expect(try await ask("ns", "FOR BOB GET ALWAYS-ON") == ["ALWAYS-ON: ON"])
        #expect(try await ask("ns", "FOR bob RESERVE bobby") == ["bobby is reserved for bob"])
        #expect(try await ask("ns", "FOR bob RESERVE NickServ").first?.hasPrefix("Syntax: RESERVE") == true)
        #expect(test.world.reservedNicks["bobby"] == "bob")
        #expect(try await ask("ns", "FOR bob RELEASE bobby") == ["bobby is free for everybody"])
        #expect(try await ask("ns", "FOR bob SESSIONS").first?.hasPrefix("  1  bob from ") == true)
        #expect(try await ask("ns", "FOR bob CERT ADD \(Self.fingerprint)").first?.hasSuffix("(SASL EXTERNAL)") == true)
        #expect(try await ask("ns", "FOR bob CERT LIST").last == "1 certificates")
        #expect(try await ask("ns", "FOR bob DEVICE ADD phone").first?.hasPrefix("The password of phone is ") == true)
        #expect(try await ask("hs", "SET bob a.vhost") == ["Done"])
        #expect(try await ask("hs", "FOR bob OFF") == ["Done"])
        #expect(try await ask("hs", "STATUS bob").first?.hasSuffix(", and is off") == true)
        #expect(try await ask("cs", "FOR bob REGISTER #c") == ["#c is registered, and bob is its founder"])
        #expect(test.world.channels["#c"]?[bob.client]?.ranks.contains(.founder) == true)
    }

    /// Nobody but its owner speaks for an identity.
    /// In the place of somebody one may what that one may.
    @Test func theNicknamesOfStrangersAreOutOfReach() async throws {
        let (stranger, bobs) = (await test.join("stranger"), await test.join("bobs"))
        await bobs.send("NS IDENTIFY bob secret")
        #expect(try await ask("ns", "FOR bob GHOST stranger") == ["stranger is not your nickname"])
        #expect(try await ask("ns", "FOR bob GHOST bobs") == ["Done"])
        #expect(!stranger.isClosed && bobs.isClosed)
        #expect(try await ask("ns", "GHOST stranger") == ["Done"])
    }

    @Test func nobodyMakesCredentialsForAnIdentity() async throws {
        _ = try await test.accounts.logIn(did: TestWorld.alice, now: 0)
        for text in ["CERT ADD \(Self.fingerprint)", "DEVICE ADD phone"] {
            #expect(try await ask("ns", "FOR \(TestWorld.alice) \(text)") == ["\(TestWorld.alice) logs in with its AT Protocol identity"])
        }
        let answer = try await ask("ns", "SAPASSWD \(TestWorld.alice) longenough")
        #expect(answer.first?.hasSuffix(" logs in with its AT Protocol identity") == true)
    }

    /// Not for itself either: what a device password opens ends with it.
    @Test func aDevicePasswordMakesNoCredentialsForOthers() async throws {
        let root = try await test.logIn("root")
        root.client.modes.set(.oper, true)
        var identity = try #require(root.client.identity)
        identity.devicePassword = "stolen"
        root.session.rest(on: identity)
        for text in ["FOR root CERT ADD \(Self.fingerprint)", "FOR root DEVICE ADD x", "SAPASSWD root longenough"] {
            let said = ServiceDeskTests.said(await root.ask("NS \(text)"), "NickServ")
            #expect(said.first?.hasPrefix("You are logged in with a device password") == true, "\(text)")
        }
    }

    @Test func onlyOperatorsActForOthers() async throws {
        let ann = try await test.logIn("ann")
        #expect(ServiceDeskTests.said(await ann.ask("NS FOR bob GET"), "NickServ") == ["FOR is for operators of the server"])
        let root = try await test.operate("root")
        #expect(ServiceDeskTests.said(await root.ask("NS FOR bob GET ALWAYS-ON"), "NickServ") == ["ALWAYS-ON: DEFAULT"])
        #expect(ServiceDeskTests.said(await root.ask("NS FOR bob LOGOUT"), "NickServ") == ["LOGOUT is for people on the server"])
    }

    /// A code that bob gets is none for whoever acts for him.
    @Test func codesAreForWhoeverAsks() async throws {
        let bob = await test.join("bob")
        await bob.send("NS IDENTIFY secret")
        let own = ServiceDeskTests.said(await bob.ask("NS UNREGISTER"), "NickServ").last?.split(separator: " ").last ?? ""
        let lines = try await ask("ns", "FOR bob UNREGISTER \(own)")
        #expect(lines.last?.hasPrefix("To go on: NickServ FOR bob UNREGISTER ") == true)
        let code = lines.last?.split(separator: " ").last ?? ""
        #expect(code != own)
        #expect(try await ask("ns", "FOR bob UNREGISTER \(code)") == ["The account bob is deleted"])
    }

    /// Whoever runs the machine may read channels, and the log says so; on the server nobody reads more for being an operator.
    @Test func administratorsReadChannelsAndNoConversations() async throws {
        let (bob, ann) = (try await test.logIn("bobby", in: "#c"), try await test.logIn("ann"))
        await bob.send("MODE #c +s", "PRIVMSG #c :brown fox", "PRIVMSG ann :psst")
        #expect(try await ask("histserv", "PLAY #c").last == "1 messages")
        #expect(try await ask("histserv", "SEARCH #c fox").first?.hasSuffix("<bobby> brown fox") == true)
        for text in ["PLAY ann", "FOR bobby PLAY ann", "PLAY #none", "SEARCH bobby psst"] {
            #expect(try await ask("histserv", text).first?.hasSuffix(" that you may read") == true, "\(text)")
        }
        let root = try await test.operate("root")
        for text in ["PLAY #c", "FOR bobby PLAY #c"] {
            let said = ServiceDeskTests.said(await root.ask("HISTSERV \(text)"), "HistServ")
            #expect(said == ["You are not in #c: join it to read what was said there"], "\(text)")
        }
        #expect(ServiceDeskTests.said(await root.ask("HISTSERV FOR bobby PLAY ann"), "HistServ") == ["0 messages"])
        #expect(ann.client.identity != nil)
    }
}
