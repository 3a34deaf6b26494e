import IRCProtocol
import MainLoop
package import NIOCore

/// How lines come in and wait their turn.
extension World {
    /// The longest line that a transport needs to hold: the tag section and what follows it (message-tags, "Size limit").
    package nonisolated static let lineLimit = 8191 + Line.maximumLength
    /// The same for those who take long lines.
    package nonisolated static let longLineLimit = 8191 + Line.longLength

    /// One line without its CR LF.
    package func receive(_ line: ByteBuffer, from session: Session) {
        guard session.phase != .closed, session.doom == nil else { return }
        session.heardAt = clock.uptime
        session.pingSentAt = nil
        session.received.lines += 1
        session.received.bytes += line.readableBytes
        counts.linesIn += 1
        counts.bytesIn += line.readableBytes
        if session.inbox.isEmpty, mayRun(session) { return run(line, from: session) }
        guard session.inbox.bytes + Inbox.cost(of: line) <= session.rules.limits.receiveQueue else {
            return doom(session, .receiveQueue)
        }
        session.inbox.append(line)
        counts.delayedLines += 1
        drain(session)
    }

    private func mayRun(_ session: Session) -> Bool {
        !session.isWaiting && session.flood.mayRun(at: clock.uptime)
    }

    /// A line that was longer than ``lineLimit`` or ``longLineLimit``; the transport skipped it.
    package func receiveOverlong(from session: Session) {
        guard session.phase != .closed else { return }
        session.heardAt = clock.uptime
        session.received.lines += 1
        counts.linesIn += 1
        counts.overlongLines += 1
        // It is gone already and cannot wait its turn; those behind it do.
        session.flood.pay(1)
        session.send(Line(configuration.name, Numeric.inputTooLong.digits, [session.target], text: "Input line was too long"))
    }

    /// Runs what waits, as far as the client may: not while a command waits for slow work, not faster than its flood limit.
    func drain(_ session: Session) {
        while !session.isWaiting, session.phase != .closed, session.doom == nil, !session.inbox.isEmpty {
            guard session.flood.mayRun(at: clock.uptime) else { return scheduleDrain(session) }
            if let line = session.inbox.next() { run(line, from: session) }
        }
    }

    private func scheduleDrain(_ session: Session) {
        guard !session.drainIsScheduled else { return }
        session.drainIsScheduled = true
        counts.floodDelays += 1
        clock.schedule(after: session.flood.delay()) { [weak self, weak session] in
            guard let self, let session else { return }
            session.drainIsScheduled = false
            drain(session)
        }
    }
}
