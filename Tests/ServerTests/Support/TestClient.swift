import IRCProtocol
import MainLoop
import NIOCore
import RoostTesting

@testable import Server

/// One client of a ``TestWorld``: what it sends is a line, what it gets are lines.
@LoopActor
final class TestClient: ClientConnection {
    let peer: Peer
    /// What arrived since the last ``clear()``, without CR LF.
    private(set) var lines: [String] = []
    /// How often the server flushed.
    private(set) var flushes = 0
    private(set) var isClosed = false
    private(set) var wasAborted = false
    /// While true, nothing is read: bytes pile up in the server.
    var isStalled = false

    private(set) var unsentBytes = 0
    private(set) var oldestUnsent: Duration?
    private var queued: [ByteBuffer] = []
    private let test: TestWorld
    private(set) var session: Session!
    var client: Client { session.client }

    init(in test: TestWorld, peer: Peer) {
        self.test = test
        self.peer = peer
        session = test.world.accept(self)
    }

    var nick: String { client.target }
    /// The last line that arrived.
    var last: String? { lines.last }

    /// Sends lines and lets everything happen that follows.
    func send(_ texts: String...) async {
        for text in texts { test.world.receive(ByteBuffer(string: text), from: session) }
        await test.settle()
    }

    /// Sends a line of any bytes and lets everything happen that follows.
    func send(bytes: [UInt8]) async {
        test.world.receive(ByteBuffer(bytes: bytes), from: session)
        await test.settle()
    }

    /// Sends lines without waiting for anything.
    func sendAtOnce(_ texts: [String]) {
        for text in texts { test.world.receive(ByteBuffer(string: text), from: session) }
    }

    /// What the server says to `text`, and nothing that came before.
    func ask(_ text: String) async -> [String] {
        clear()
        await send(text)
        return lines
    }

    func clear() { lines = [] }

    /// The lines whose command is `verb` (or numeric), without the tags.
    func all(_ verb: String) -> [String] {
        lines.map { $0.hasPrefix("@") ? String($0.drop { $0 != " " }.dropFirst()) : $0 }.filter { line in
            let words = line.split(separator: " ", maxSplits: 2)
            return words.first == verb[...] || (words.count > 1 && words[0].hasPrefix(":") && words[1] == verb)
        }
    }

    func disconnect(_ reason: String = "Connection closed") {
        test.world.disconnected(session, because: reason)
    }

    // MARK: ClientConnection

    func write(_ line: ByteBuffer) {
        queued.append(line)
        unsentBytes += line.readableBytes
        if oldestUnsent == nil { oldestUnsent = test.clock.uptime }
    }

    func flush() {
        flushes += 1
        guard !isStalled else { return }
        for line in queued {
            lines.append(String(decoding: line.readableBytesView.dropLast(2), as: UTF8.self))
        }
        queued = []
        unsentBytes = 0
        oldestUnsent = nil
    }

    func close() {
        flush()
        isClosed = true
    }

    func abort() {
        isClosed = true
        wasAborted = true
    }
}
