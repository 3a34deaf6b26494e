import MainLoop

/// Finds out whether the disk takes what is written, without wearing it out: whoever asks often gets the last answer.
@LoopActor
final class DiskProbe {
    enum State: String {
        case ok
        case failing = "cannot be written"
        case slow = "too slow"
    }

    /// How long an answer counts.
    static let interval: Duration = .seconds(5)
    /// How long the disk may take.
    static let patience: Duration = .seconds(2)

    private let clock: any LoopClock
    private let write: @Sendable () async throws -> Void
    private var last = State.ok
    private var askedAt: Duration?
    private var isRunning = false

    /// - Parameter write: throws when the disk takes nothing.
    init(clock: any LoopClock, write: @escaping @Sendable () async throws -> Void) {
        (self.clock, self.write) = (clock, write)
    }

    /// The newest answer there is. Never more than one write is under way.
    func state() async -> State {
        if isRunning { return last }
        if let askedAt, clock.uptime - askedAt < Self.interval { return last }
        askedAt = clock.uptime
        isRunning = true
        let inTime = await TimeLimit.wait(Self.patience, clock: clock) { [self] in
            last = (try? await write()) == nil ? .failing : .ok
            isRunning = false
        }
        if !inTime { last = .slow }
        return last
    }
}
