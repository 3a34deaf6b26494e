import NIOCore

/// The bytes that wait for one connection: how many, since when, and which go next.
///
/// Lines that are queued together are sent together. The first line of a piece is not copied; it stays the buffer that
/// all recipients share until another one follows.
struct SendQueue {
    /// Bytes that are sent and counted as one.
    private struct Piece {
        var bytes: ByteBuffer
        /// When the first of them was queued.
        let since: Duration
    }

    /// A piece that has this many bytes takes no more lines.
    static let pieceSize = 64 << 10
    /// A piece takes no more lines when its first is this old, so that the age of what waits stays exact to this span.
    static let pieceSpan: Duration = .seconds(1)

    private var inFlight: (bytes: Int, since: Duration)?
    private var full: [Piece] = []
    private var open: Piece?
    /// Bytes that were queued and are not written yet.
    private(set) var unsentBytes = 0

    var isEmpty: Bool { unsentBytes == 0 && inFlight == nil }

    /// When the oldest unsent byte was queued.
    var oldest: Duration? {
        inFlight?.since ?? full.first?.since ?? open?.since
    }

    mutating func append(_ line: ByteBuffer, at now: Duration) {
        unsentBytes += line.readableBytes
        guard let since = open?.since else {
            open = Piece(bytes: line, since: now)
            return
        }
        if now - since < Self.pieceSpan, let size = open?.bytes.readableBytes, size + line.readableBytes <= Self.pieceSize {
            open?.bytes.writeImmutableBuffer(line)
        } else {
            seal()
            open = Piece(bytes: line, since: now)
        }
    }

    /// The bytes to write now. Nil when there are none, or when the last ones have not been written yet: until then
    /// nothing more is handed out, so that the queue stays here, where it can be measured and dropped.
    mutating func take() -> ByteBuffer? {
        guard inFlight == nil else { return nil }
        if full.isEmpty { seal() }
        guard !full.isEmpty else { return nil }
        let piece = full.removeFirst()
        inFlight = (piece.bytes.readableBytes, piece.since)
        return piece.bytes
    }

    /// What was taken last has been written.
    mutating func written() {
        unsentBytes -= inFlight?.bytes ?? 0
        inFlight = nil
    }

    /// Forgets everything.
    mutating func removeAll() {
        self = SendQueue()
    }

    private mutating func seal() {
        if let piece = open.take() { full.append(piece) }
    }
}
