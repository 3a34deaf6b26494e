import ATProto
import Crypto
import Foundation
import Logging
import MainLoop
import Push
import RoostTesting
import Store
import Testing

@testable import Server

/// Collects what a push service would carry.
@LoopActor
private final class Carrier: Fetching {
    private(set) var bodies: [Data] = []

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        bodies.append(request.body ?? Data())
        return FetchResponse(status: 201, headers: FetchHeaders([]), body: Data(), finalURL: request.url)
    }
}

/// Who is told on a device that is not connected (draft/webpush).
@LoopActor @Suite struct NotifyingTests {
    private static let endpoint = "https://push.test/1"
    private let carrier = Carrier()
    private let device = FakePushDevice()
    private let test: TestWorld
    private let (ann, bob): (TestClient, TestClient)

    init() async throws {
        let database = try RoostDatabase.inMemory()
        let clock = VirtualClock()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let sender = PushSender(
            fetcher: carrier, store: PushSubscriptionStore(database, box: SecretBox(key: SymmetricKey(size: .bits256))),
            key: VAPIDKey(derivedFrom: SymmetricKey(size: .bits256)), subject: "mailto:a@b.test", clock: clock, logger: logger)
        test = try await TestWorld(database: database, clock: clock, push: sender)
        ann = try await test.logIn("ann", in: "#c", capabilities: "draft/webpush")
        bob = await test.join("bob", in: "#c")
        #expect(
            await ann.ask("WEBPUSH REGISTER \(Self.endpoint) \(device.keys)").first
                == ":irc.test WEBPUSH REGISTER \(Self.endpoint) \(device.keys)")
    }

    /// The notifications since the first one, which tries the device.
    private func notifications() async throws -> [String] {
        await test.settle()
        return try carrier.bodies.dropFirst().map(device.read)
    }

    @Test func whoIsLookingIsNotTold() async throws {
        await bob.send("PRIVMSG ann :hi", "PRIVMSG #c :ann: hi")
        #expect(try await notifications().isEmpty)
    }

    @Test func whoIsAwayIsTold() async throws {
        await ann.send("AWAY :out")
        await bob.send("PRIVMSG ann :hi", "NOTICE ann :there")
        let got = try await notifications()
        #expect(got.count == 2 && got[0].hasPrefix("@time=2026-01-01T00:00:00.000Z;msgid=") && got[0].hasSuffix("PRIVMSG ann :hi"))
    }

    @Test func whoIsIdleIsToldOfItsName() async throws {
        // A PING keeps the connection, and is nothing that a person does.
        for _ in 0..<4 {
            await test.advance(seconds: 80)
            await ann.send("PING x")
            await bob.send("PING x")
        }
        await bob.send("PRIVMSG #c :nobody", "PRIVMSG #c :hello Ann!", "PRIVMSG #c :annoying", "PRIVMSG @#c :ann, ops only")
        let got = try await notifications()
        #expect(got.count == 1 && got.first?.hasSuffix("PRIVMSG #c :hello Ann!") == true)
    }

    /// Whoever hears nothing of channels is not woken by them.
    @Test func whoIsDeafIsNotTold() async throws {
        await ann.send("AWAY :out", "MODE ann +D")
        await bob.send("PRIVMSG #c :ann: hi")
        #expect(try await notifications().isEmpty)
        await ann.send("MODE ann -D")
        await bob.send("PRIVMSG #c :ann: hi")
        #expect(try await notifications().count == 1)
    }

    @Test func whatIsNotTakenIsNotTold() async throws {
        await ann.send("AWAY :out", "SILENCE +bob!*@*")
        await bob.send("PRIVMSG ann :hi")
        await ann.send("SILENCE -bob!*@*", "WEBPUSH UNREGISTER \(Self.endpoint)")
        await bob.send("PRIVMSG ann :hi")
        #expect(try await notifications().isEmpty)
    }

    @Test func theOperatorMaySwitchItOff() async throws {
        var configuration = test.world.configuration
        configuration.webPush = false
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(ann.all("005").contains { $0.contains(" -VAPID ") })
        #expect(await ann.ask("WEBPUSH VAPIDPUBKEY") == [":irc.test FAIL WEBPUSH FORBIDDEN VAPIDPUBKEY :Web push is switched off here"])
        #expect(!(await ann.ask("CAP LS 302").contains { $0.contains("webpush") }))
        await ann.send("AWAY :out")
        await bob.send("PRIVMSG ann :hi")
        #expect(try await notifications().isEmpty)
    }

    /// Who is told by its DID only, while it has no connection, is told so (WARN).
    @Test func devicesThatMissMostAreWarned() async throws {
        let endpoint = "https://push.test/2"
        let warning = ":irc.test WARN WEBPUSH PERSISTENCE_REQUIRED :"
        #expect(await ann.ask("WEBPUSH REGISTER \(endpoint) \(device.keys)").last?.hasPrefix(warning) == true)
        await ann.send("NS SET ALWAYS-ON ON")
        #expect(await ann.ask("WEBPUSH REGISTER \(endpoint) \(device.keys)").contains { $0.contains("WARN") } == false)
    }

    @Test func devicesEndWithTheAccount() async throws {
        let code = try #require(await ann.ask("NS UNREGISTER").last?.split(separator: " ").last)
        await ann.send("NS UNREGISTER \(code)")
        #expect(test.world.services.push?.reaches("ann") == false)
        try await test.world.services.push?.load()
        #expect(test.world.services.push?.reaches("ann") == false)
    }

    @Test func errorsAreExplained() async throws {
        #expect(await bob.ask("WEBPUSH REGISTER \(Self.endpoint) \(device.keys)").first?.contains(" FORBIDDEN REGISTER ") == true)
        #expect(await ann.ask("WEBPUSH REGISTER http://push.test x").first?.contains(" INVALID_PARAMS ") == true)
        #expect(await ann.ask("WEBPUSH REGISTER \(Self.endpoint) p256dh=x;auth=y").first?.contains(" INVALID_PARAMS ") == true)
        #expect(await ann.ask("WEBPUSH DANCE").first?.contains(" INVALID_PARAMS DANCE ") == true)
        for number in 2...PushSender.devices { await ann.send("WEBPUSH REGISTER https://push.test/\(number) \(device.keys)") }
        #expect(await ann.ask("WEBPUSH REGISTER https://push.test/more \(device.keys)").first?.contains(" MAX_REGISTRATIONS ") == true)
        #expect(await ann.ask("WEBPUSH VAPIDPUBKEY").first?.hasPrefix(":irc.test WEBPUSH VAPIDPUBKEY B") == true)
    }

    @Test func triesAndNotificationsAreCounted() async throws {
        for _ in 0..<29 { await ann.send("WEBPUSH UNREGISTER \(Self.endpoint)", "WEBPUSH REGISTER \(Self.endpoint) \(device.keys)") }
        #expect(await ann.ask("WEBPUSH REGISTER \(Self.endpoint) \(device.keys)").first?.contains(" RATE_LIMITED ") == true)
        let before = try await notifications().count
        await ann.send("AWAY :out")
        for _ in 0..<310 { await bob.send("PRIVMSG ann :hi") }
        #expect(try await notifications().count - before == 300)
    }

    @Test(arguments: [
        ("ann", true), ("hi ann", true), ("ann: x", true), ("joann", false), ("ann-x", false), ("annä", false), ("an", false), ("", false),
        ("xann ann", true),
    ])
    func wordsAreFound(_ text: String, _ isThere: Bool) {
        #expect(Array(text.utf8).hasWord("ann") == isThere)
    }
}
