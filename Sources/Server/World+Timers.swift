import IRCProtocol
import MainLoop

/// What happens because time passes.
extension World {
    /// How much of what somebody has seen a crash may show again.
    private static let deviceInterval: Duration = .seconds(60)

    /// Starts the sweep that looks after timeouts once a second.
    package func startTimers() {
        let due = clock.uptime + .seconds(1)
        clock.schedule(after: .seconds(1)) { [weak self] in
            guard let self, !isShuttingDown else { return }
            counts.loopLag.observe(max(.zero, clock.uptime - due))
            tick()
            startTimers()
        }
    }

    /// Looks at every connection once. One sweep costs less than timers per client.
    func tick() {
        let (now, wallTime) = (clock.uptime, clock.wallMilliseconds)
        expireResidents()
        expireBans()
        expireFilters()
        summariseNotices()
        reviewIdentities()
        if now - devicesNotedAt >= Self.deviceInterval {
            devicesNotedAt = now
            noteDevices()
        }
        for session in Array(sessions.values) where session.doom == nil {
            let limits = session.rules.limits
            session.expireBatch(at: now)
            session.expireTokenBatch(at: now)
            if let end = session.devicePasswordEnds, end <= wallTime {
                doom(session, .killed("The device password of this connection has expired"))
            } else if let oldest = session.connection.oldestUnsent, now - oldest > limits.sendQueueAge {
                doom(session, .sendQueueAge)
            } else if session.phase == .registering {
                if now - session.connectedAt > limits.registrationTimeout { doom(session, .registrationTimeout) }
            } else if let asked = session.pingSentAt {
                if now - asked > limits.pingTimeout { doom(session, .pingTimeout(silence: now - session.heardAt)) }
            } else if now - session.heardAt > limits.pingInterval {
                session.pingSentAt = now
                session.write(Line("", "PING", [configuration.name]))
            }
        }
    }
}
