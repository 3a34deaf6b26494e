package import NIOCore

/// Cuts a stream of bytes into lines. Lines end with LF; a CR before it belongs to the end. Empty lines are dropped.
///
/// It only guards memory: what a line may hold is for the parser to say. Of a line whose end has not come yet it keeps a
/// copy, never more than the limit and one byte.
package struct LineFramer: Sendable {
    /// What was found.
    package enum Frame: Sendable, Equatable {
        /// A line without its end. It shares the storage of the bytes it came in, unless it came in pieces.
        case line(ByteBuffer)
        /// A line was longer than the limit. It is skipped to its end and reported once.
        case overlong
    }

    private let limit: Int
    private var start: ByteBuffer?
    private var isSkipping = false

    /// - Parameter limit: the longest line in bytes, without its CR LF.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes of the unfinished line that are held.
    package var heldBytes: Int { start?.readableBytes ?? 0 }

    /// The next line that ends in `chunk`, which is read up to there. Nil when none ends there: then all of it was read.
    package mutating func next(in chunk: inout ByteBuffer) -> Frame? {
        while let length = chunk.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map({ $0 - chunk.readerIndex }) {
            let piece = chunk.readSlice(length: length)
            chunk.moveReaderIndex(forwardBy: 1)
            if isSkipping {
                isSkipping = false
            } else if let piece, let frame = finish(piece) {
                return frame
            }
        }
        return keep(&chunk)
    }

    /// The last line of a message that has an end of its own, such as a WebSocket message; a line end there is optional.
    package mutating func last(in chunk: inout ByteBuffer) -> Frame? {
        let piece = chunk
        chunk.moveReaderIndex(to: chunk.writerIndex)
        guard !isSkipping else {
            isSkipping = false
            return nil
        }
        return finish(piece)
    }

    /// The line that `piece` completes; nil for an empty one.
    private mutating func finish(_ piece: ByteBuffer) -> Frame? {
        var line = piece
        if var whole = start.take() {
            whole.writeImmutableBuffer(piece)
            line = whole
        }
        dropReturn(&line)
        guard line.readableBytes <= limit else { return .overlong }
        while dropReturn(&line) {}
        return line.readableBytes == 0 ? nil : .line(line)
    }

    /// Takes a CR from the end of `line`; false when there is none.
    @discardableResult
    private func dropReturn(_ line: inout ByteBuffer) -> Bool {
        guard line.readableBytesView.last == UInt8(ascii: "\r") else { return false }
        line.moveWriterIndex(to: line.writerIndex - 1)
        return true
    }

    /// Holds the rest of `chunk` for the next one.
    private mutating func keep(_ chunk: inout ByteBuffer) -> Frame? {
        defer { chunk.moveReaderIndex(to: chunk.writerIndex) }
        guard !isSkipping, chunk.readableBytes > 0 else { return nil }
        // One byte more than the limit may still be the CR of a line that fits.
        guard heldBytes + chunk.readableBytes <= limit + 1 else {
            start = nil
            isSkipping = true
            return .overlong
        }
        // A copy: the slice would keep the whole receive buffer alive for as long as the client likes.
        var held = start.take() ?? ByteBufferAllocator().buffer(capacity: chunk.readableBytes)
        held.writeImmutableBuffer(chunk)
        start = held
        return nil
    }
}
