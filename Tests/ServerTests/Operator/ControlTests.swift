import IRCProtocol
import Logging
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct ControlTests {
    @Test func theServerIsStoppedByItsName() async throws {
        let test = try await TestWorld()
        let (root, control) = (try await test.operate("root"), RecordingControl())
        test.world.control = control
        #expect(await root.ask("DIE").first?.contains("give the name of this server: DIE irc.test") == true)
        #expect(control.stops.isEmpty)
        await root.send("DIE irc.test")
        await root.send("RESTART IRC.test")
        #expect(control.stops == ["Stopped by root false", "Restarted by root true"])
    }

    @Test func rehashTellsWhatChanged() async throws {
        let test = try await TestWorld()
        let (root, control) = (try await test.operate("root"), RecordingControl())
        test.world.control = control
        await root.send("MODE root -s")
        #expect(
            await root.ask("REHASH") == [
                ":irc.test 382 root roost.toml :Rehashing", ":irc.test NOTICE root :No setting has changed.",
            ])
    }

    private final class RecordingControl: ServerControl {
        var stops: [String] = []
        var leastLogged = Logger.Level.info
        var certificateLines = ["irc.test: until tomorrow"]
        var orders: Bool?

        func retryCertificates() -> Bool {
            defer { orders = orders.map { _ in true } }
            return orders != nil
        }

        func rehash() async -> ServiceAnswer { ServiceAnswer(lines: ["No setting has changed."]) }

        func stop(reason: String, restarting: Bool) { stops.append("\(reason) \(restarting)") }
    }
}
