import DequeModule
import NIOCore

/// The lines of one client that wait to be run, in order.
struct Inbox {
    private var lines: Deque<ByteBuffer> = []
    /// Bytes that wait.
    private(set) var bytes = 0

    var isEmpty: Bool { lines.isEmpty }

    /// What a waiting line counts for: its bytes and what keeping it costs beside them.
    static func cost(of line: ByteBuffer) -> Int { line.readableBytes + 128 }

    /// Keeps a copy: a slice would keep the whole receive buffer alive.
    mutating func append(_ line: ByteBuffer) {
        lines.append(ByteBuffer(bytes: line.readableBytesView))
        bytes += Self.cost(of: line)
    }

    mutating func next() -> ByteBuffer? {
        guard let line = lines.popFirst() else { return nil }
        bytes -= Self.cost(of: line)
        return line
    }

    mutating func removeAll() {
        lines = []
        bytes = 0
    }
}
