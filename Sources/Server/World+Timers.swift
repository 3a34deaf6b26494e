import IRCProtocol
import MainLoop

/// What happens because time passes.
extension World {
    /// Starts the sweep that looks after timeouts once a second.
    package func startTimers() {
        clock.schedule(after: .seconds(1)) { [weak self] in
            guard let self, !isShuttingDown else { return }
            tick()
            startTimers()
        }
    }

    /// Looks at every connection once. One sweep costs less than timers per client.
    func tick() {
        let now = clock.uptime
        let limits = configuration.limits
        for client in Array(clients.values) where client.doom == nil {
            if let oldest = client.connection.oldestUnsent, now - oldest > limits.sendQueueAge {
                doom(client, .sendQueueAge)
            } else if client.phase == .registering {
                if now - client.connectedAt > limits.registrationTimeout { doom(client, .killed("Registration timeout")) }
            } else if let asked = client.pingSentAt {
                if now - asked > limits.pingTimeout {
                    doom(client, .killed("Ping timeout: \((now - client.heardAt).components.seconds) seconds"))
                }
            } else if now - client.heardAt > limits.pingInterval {
                client.pingSentAt = now
                client.write(Line("", "PING", [configuration.name]))
            }
        }
    }
}
