import Server

/// What REHASH, DIE and RESTART do.
extension Daemon: ServerControl {
    /// How an operator wants the server to end.
    struct StopRequest: Sendable {
        var reason: String
        var restarts: Bool
    }

    package func rehash() async -> [String] {
        switch reload() {
        case .refused(let problems):
            return ["The configuration is not taken over; nothing has changed."] + problems
        case .done(let changed, let waiting, let certificate):
            var lines = [changed.isEmpty ? "No setting has changed." : "Changed: \(changed.joined(separator: ", "))"]
            if !waiting.isEmpty { lines.append("Only after a restart: \(waiting.joined(separator: ", "))") }
            if certificate { lines.append("New connections get the new certificate.") }
            return lines
        }
    }

    package func stop(reason: String, restarting: Bool) {
        guard stopRequest == nil else { return }
        stopRequest = StopRequest(reason: reason, restarts: restarting)
        stopRequests.continuation.yield()
    }
}
