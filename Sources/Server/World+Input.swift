import IRCProtocol
import MainLoop
package import NIOCore

/// How lines come in and wait their turn.
extension World {
    /// The longest line that a transport needs to hold: the tag section and what follows it (message-tags, "Size limit").
    package nonisolated static let lineLimit = 8191 + Line.maximumLength

    /// One line without its CR LF.
    package func receive(_ line: ByteBuffer, from client: Client) {
        guard client.phase != .closed, client.doom == nil else { return }
        client.heardAt = clock.uptime
        client.pingSentAt = nil
        client.received.lines += 1
        client.received.bytes += line.readableBytes
        if client.inbox.isEmpty, mayRun(client) { return run(line, from: client) }
        guard client.inbox.bytes + Inbox.cost(of: line) <= configuration.limits.receiveQueue else {
            return doom(client, .receiveQueue)
        }
        client.inbox.append(line)
        drain(client)
    }

    private func mayRun(_ client: Client) -> Bool {
        !client.isWaiting && client.flood.mayRun(at: clock.uptime)
    }

    /// A line that was longer than ``lineLimit``; the transport skipped it.
    package func receiveOverlong(from client: Client) {
        guard client.phase != .closed else { return }
        client.heardAt = clock.uptime
        client.send(Line(configuration.name, Numeric.inputTooLong.digits, [client.target], text: "Input line was too long"))
    }

    /// Runs what waits, as far as the client may: not while a command waits for slow work, not faster than its flood limit.
    func drain(_ client: Client) {
        while !client.isWaiting, client.phase != .closed, client.doom == nil, !client.inbox.isEmpty {
            guard client.flood.mayRun(at: clock.uptime) else { return scheduleDrain(client) }
            if let line = client.inbox.next() { run(line, from: client) }
        }
    }

    private func scheduleDrain(_ client: Client) {
        guard !client.drainIsScheduled else { return }
        client.drainIsScheduled = true
        clock.schedule(after: client.flood.delay()) { [weak self, weak client] in
            guard let self, let client else { return }
            client.drainIsScheduled = false
            drain(client)
        }
    }
}
