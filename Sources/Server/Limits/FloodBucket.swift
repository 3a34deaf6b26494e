/// Paces the commands of one client: a burst, then a steady rate. Commands that come faster wait; none is lost.
struct FloodBucket {
    private var perSecond: Double
    private var burst: Double
    private var isOn: Bool
    private var tokens: Double
    private var filledAt: Duration

    init(limits: ServerConfiguration.Limits, now: Duration) {
        perSecond = Double(limits.floodRate)
        burst = Double(limits.floodBurst)
        isOn = limits.floodControl
        tokens = burst
        filledAt = now
    }

    /// Takes other limits over. What is saved up stays, as far as it may be.
    mutating func adopt(_ limits: ServerConfiguration.Limits) {
        // Who has not said anything yet has all of the burst.
        if tokens == burst { tokens = Double(limits.floodBurst) }
        perSecond = Double(limits.floodRate)
        burst = Double(limits.floodBurst)
        isOn = limits.floodControl
        tokens = min(tokens, burst)
    }

    /// Whether a command may run now.
    mutating func mayRun(at now: Duration) -> Bool {
        guard isOn else { return true }
        fill(at: now)
        // Sums of fractions come out a little below one.
        return tokens > 1 - 1e-9
    }

    /// Takes the price of a command that runs. The last one may overdraw: the next one waits longer.
    mutating func pay(_ cost: Int) {
        if isOn { tokens -= Double(cost) }
    }

    /// How long until the next command may run.
    func delay() -> Duration {
        .milliseconds(Int64(max(0, (1 - tokens) / perSecond * 1000).rounded(.up)))
    }

    private mutating func fill(at now: Duration) {
        let elapsed = now - filledAt
        filledAt = now
        tokens = min(burst, tokens + (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18) * perSecond)
    }
}
