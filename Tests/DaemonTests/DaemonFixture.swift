import Daemon
import Foundation
import Logging
import MainLoop
import RoostTesting
import Settings

/// A data directory with a configuration, for daemons that a test starts.
struct DaemonFixture {
    let folder: URL

    /// Listens on free ports of loopback, on all three kinds of port.
    static let ports = """
        [listen]
        plain = ["127.0.0.1:0"]
        tls = ["127.0.0.1:0"]
        http = ["127.0.0.1:0"]

        """

    var data: String { folder.path + "/data" }
    var file: String { folder.path + "/roost.toml" }

    func configure(_ text: String = DaemonFixture.ports) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    func launch() throws -> Launch {
        try Launch.resolve(configuration: file, data: data)
    }

    /// Starts a daemon, hands it to `body` and stops it, whatever happens.
    ///
    /// - Parameters:
    ///   - launch: nil: with the configuration of the fixture.
    ///   - supervisor: what the daemon tells how it is.
    func withDaemon(
        _ launch: Launch? = nil, supervisor: Supervisor = .none, clock: any LoopClock = SystemClock(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (Daemon) async throws -> Void
    ) async throws {
        let daemon = try await Daemon.start(launch ?? self.launch(), supervisor: supervisor, clock: clock, logger: logger)
        do {
            try await body(daemon)
        } catch {
            await daemon.stop()
            throw error
        }
        await daemon.stop()
    }
}

/// Runs `body` with a fixture whose files go away afterwards.
func withFixture(_ body: (DaemonFixture) async throws -> Void) async throws {
    try await withTestDirectory { folder in
        let fixture = DaemonFixture(folder: folder)
        try fixture.configure()
        try await body(fixture)
    }
}
