package import Logging
import MainLoop
import ServiceLifecycle
import Settings
import UnixSignals

extension Daemon {
    /// Runs a server until TERM or INT, or until an operator ends it; HUP reloads. Returns after a clean stop.
    ///
    /// - Returns: whether the server is to start again.
    /// - Parameters:
    ///   - supervisor: what started the process.
    ///   - logLevel: what `logger` goes by.
    ///   - announce: gets the text for the person who starts a new server for the first time.
    /// - Throws: ``StartError`` when it cannot start.
    package nonisolated static func run(
        _ launch: Launch, supervisor: Supervisor = .none, logger: Logger, logLevel: LogLevel, announce: (String) -> Void
    ) async throws -> Bool {
        // Trapped before anything else: a signal that comes during the start waits for its end.
        let reloads = await UnixSignalsSequence(trapping: .sighup)
        let stops = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let clock = SystemClock()
        await Watchdog.start(supervisor, clock: clock)
        let daemon: Daemon
        do {
            daemon = try await start(launch, supervisor: supervisor, clock: clock, logger: logger, logLevel: logLevel)
        } catch {
            supervisor.tell([.status("\(error)")])
            throw error
        }
        if let banner = await daemon.banner { announce(banner.text) }
        let configuration = ServiceGroupConfiguration(
            services: [
                .init(service: DaemonService(daemon: daemon)),
                .init(service: ReloadService(daemon: daemon, signals: reloads)),
                .init(
                    service: StopService(signals: stops, requests: daemon.stopRequests.stream),
                    successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: logger)
        try await ServiceGroup(configuration: configuration).run()
        return await daemon.stopRequest?.restarts ?? false
    }
}

/// Keeps the daemon going until the group stops, and stops it then.
private struct DaemonService: Service {
    let daemon: Daemon

    func run() async throws {
        try? await gracefulShutdown()
        await daemon.stop(reason: daemon.stopRequest?.reason ?? "Server is shutting down")
    }
}

/// Reloads on every HUP.
private struct ReloadService: Service {
    let daemon: Daemon
    let signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() {
            await daemon.reload()
        }
    }
}

/// Ends, and with it the group, on the first signal or request.
private struct StopService: Service {
    let signals: UnixSignalsSequence
    let requests: AsyncStream<Void>

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { for await _ in signals { return } }
            group.addTask { for await _ in requests { return } }
            await group.next()
            group.cancelAll()
        }
    }
}
