package import MainLoop
package import NIOCore
package import Server

/// The sending half of a connection: what the server sees of it.
@LoopActor
package final class LineConnection: ClientConnection {
    private enum State {
        case open
        /// Sends what is queued.
        case draining
        /// Waits for the other end to close.
        case waiting
        case closed
    }

    /// How long an orderly close may take before the connection is reset.
    package nonisolated static let closeLimit: Duration = .seconds(5)
    /// How much of that the other end has to close its half, once everything is sent: a stop waits for it.
    package nonisolated static let goodbyeLimit: Duration = .seconds(1)

    package let peer: Peer
    private let channel: any Channel
    private let clock: any LoopClock
    private let encoding: (any LineEncoding)?
    private var queue = SendQueue()
    private var state = State.open
    private var isFlushing = false
    private var closeTimer: (any LoopTimer)?
    private var waitsForGoodbye = false

    /// - Parameter encoding: how a line is written; nil: as it is.
    package init(_ channel: any Channel, peer: Peer, clock: any LoopClock, encoding: (any LineEncoding)? = nil) {
        self.channel = channel
        self.peer = peer
        self.clock = clock
        self.encoding = encoding
    }

    /// Whether lines still go both ways.
    package var isOpen: Bool { state == .open }

    package var unsentBytes: Int { queue.unsentBytes }

    package var oldestUnsent: Duration? { queue.oldest }

    package func write(_ line: ByteBuffer) {
        guard state == .open else { return }
        queue.append(encoding?.encode(line) ?? line, at: clock.uptime)
    }

    /// Sends bytes that are no line, such as a pong.
    package func sendRaw(_ bytes: ByteBuffer) {
        guard state == .open else { return }
        queue.append(bytes, at: clock.uptime)
        flush()
    }

    package func flush() {
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        while state != .closed, let bytes = queue.take() {
            // Most writes are complete when this returns; then the loop goes on here.
            channel.writeAndFlush(bytes).whenComplete { _ in
                LoopActor.assumeIsolated { self.written() }
            }
        }
        if state == .draining, queue.isEmpty {
            state = .waiting
            closeTimer?.cancel()
            closeTimer = clock.schedule(after: Self.goodbyeLimit) { [weak self] in self?.giveUpWaiting() }
            shutOutput()
        }
    }

    package func close() {
        close(saying: encoding?.farewell, awaitingGoodbye: encoding != nil)
    }

    /// Closes with other last words than usual.
    ///
    /// - Parameter awaitingGoodbye: whether the other end is to answer them before the connection is shut.
    package func close(saying farewell: ByteBuffer?, awaitingGoodbye: Bool) {
        guard state == .open else { return }
        if let farewell { queue.append(farewell, at: clock.uptime) }
        waitsForGoodbye = awaitingGoodbye
        state = .draining
        closeTimer = clock.schedule(after: Self.closeLimit) { [weak self] in self?.abort() }
        flush()
    }

    /// The other end has answered the farewell.
    package func goodbyeReceived() {
        channel.close(promise: nil)
    }

    package func abort() {
        guard state != .closed else { return }
        ended()
        channel.reset()
    }

    /// The channel is gone.
    package func ended() {
        state = .closed
        queue.removeAll()
        closeTimer?.cancel()
        closeTimer = nil
    }

    /// What is still on its way arrives after a close, but not after a reset. TLS has been closing all the time.
    private func giveUpWaiting() {
        if peer.transport == .tls { abort() } else { channel.close(promise: nil) }
    }

    private func written() {
        queue.written()
        flush()
    }

    /// Says that nothing more comes and lets the other end close. Closing both ways at once would make the kernel reset
    /// the connection when unread input is there, and the last lines would be lost.
    private func shutOutput() {
        guard !waitsForGoodbye else { return }
        // TLS says goodbye by itself, and waits for the answer.
        channel.close(mode: peer.transport == .tls ? .all : .output, promise: nil)
    }
}
