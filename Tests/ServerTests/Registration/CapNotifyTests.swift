import IRCProtocol
import MainLoop
import NIOCore
import Testing

@testable import Server

/// What clients are told when the server offers something else than before (IRCv3 cap-notify).
@LoopActor @Suite struct CapNotifyTests {
    private let test: TestWorld
    /// Knows version 302.
    private let alice: TestClient
    /// Asked for cap-notify alone.
    private let bob: TestClient
    /// Knows nothing of it.
    private let carol: TestClient

    init() async throws {
        test = try await TestWorld()
        alice = test.connect()
        await alice.send("CAP LS 302", "CAP REQ :draft/account-registration batch", "NICK alice", "USER a 0 * :A", "CAP END")
        bob = await test.join("bob", capabilities: "cap-notify draft/account-registration")
        carol = await test.join("carol", capabilities: "draft/account-registration batch")
        for client in [alice, bob, carol] { client.clear() }
    }

    /// What each is told of capabilities after a change of the configuration: alice, bob, carol.
    private func change(_ change: (inout ServerConfiguration) -> Void) async -> [[String]] {
        for client in [alice, bob, carol] { client.clear() }
        var configuration = test.world.configuration
        change(&configuration)
        test.world.reconfigure(configuration)
        await test.settle()
        return [alice, bob, carol].map { $0.all("CAP") }
    }

    @Test func whatIsGoneIsToldAndTakenFromEverybody() async {
        #expect(
            await change { $0.accounts.registration = false } == [
                [":irc.test CAP alice DEL :draft/account-registration"], [":irc.test CAP bob DEL :draft/account-registration"], [],
            ])
        #expect(alice.session.capabilities.all == [.batch, .capNotify] && carol.session.capabilities.all == [.batch])
        #expect(await carol.ask("CAP REQ draft/account-registration") == [":irc.test CAP carol NAK :draft/account-registration"])
        #expect(await carol.ask("CAP REQ -draft/account-registration") == [":irc.test CAP carol ACK :-draft/account-registration"])
        #expect(
            await change { $0.accounts.registration = true } == [
                [":irc.test CAP alice NEW :draft/account-registration=before-connect"],
                [":irc.test CAP bob NEW :draft/account-registration"], [],
            ])
        // It is offered, not given back.
        #expect(alice.session.capabilities.all == [.batch, .capNotify])
        #expect(await alice.ask("CAP REQ draft/account-registration") == [":irc.test CAP alice ACK :draft/account-registration"])
    }

    @Test func anotherValueIsNewToThoseWhoKnowValues() async {
        #expect(
            await change { $0.limits.multilineLines = 7 } == [
                [":irc.test CAP alice NEW :draft/multiline=max-bytes=4096,max-lines=7"], [], [],
            ])
        let more = await change { $0.limits.metadataKeys = 3 }
        #expect(more[0].count == 1 && more[0][0].contains("draft/metadata-2=") && more[0][0].contains("max-keys=3"))
        #expect(await change { $0.limits.topic = 10 } == [[], [], []])
    }

    @Test func historyGoesWithAllThatReadsIt() async {
        await alice.send("CAP REQ :draft/chathistory")
        #expect(
            await change { $0.history.enabled = false }[0] == [
                ":irc.test CAP alice DEL :draft/chathistory draft/event-playback soju.im/search znc.in/playback"
            ])
        #expect(!alice.session.capabilities.contains(.chatHistory))
        #expect(await !alice.ask("CAP LS 302").joined().contains("chathistory"))
    }

    /// sts has a value that depends on the connection, nobody can request it, and it may not be deleted.
    @Test func aPolicyOfStrictTransportIsEndedNotDeleted() async {
        let plain = test.connect(secure: false)
        await plain.send("CAP LS 302")
        plain.clear()
        let policy = ServerConfiguration.StrictTransport(port: 6697, duration: 60)
        #expect(await change { $0.strictTransport = policy } == [[":irc.test CAP alice NEW :sts=duration=60"], [], []])
        #expect(plain.all("CAP") == [":irc.test CAP * NEW :sts=port=6697,duration=60"])
        plain.clear()
        #expect(await change { $0.strictTransport = nil } == [[":irc.test CAP alice NEW :sts=duration=0"], [], []])
        #expect(plain.all("CAP").isEmpty)
    }

    /// More than one line may hold is several lines, each whole by itself.
    @Test func aLongListIsSeveralLines() async throws {
        let lines = alice.session.cap("DEL", Capability.allCases.map(\.name)).map { String(buffer: $0.body) }
        #expect(lines.count == 2 && lines.allSatisfy { $0.utf8.count <= 512 && $0.hasPrefix(":irc.test CAP alice DEL :") })
    }
}
