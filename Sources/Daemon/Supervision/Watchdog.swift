package import MainLoop

/// Shows the supervisor that the event loop turns, twice in the time after which it would be taken for stuck.
@LoopActor
package enum Watchdog {
    /// Tells it now and from then on for as long as the process lives, also while it stops.
    package static func start(_ supervisor: Supervisor, clock: any LoopClock) {
        guard let patience = supervisor.patience else { return }
        supervisor.tell([.watchdog])
        clock.schedule(after: patience / 2) { start(supervisor, clock: clock) }
    }
}
