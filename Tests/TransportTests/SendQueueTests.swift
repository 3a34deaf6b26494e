import NIOCore
import Testing

@testable import Transport

@Suite struct SendQueueTests {
    private let line = ByteBuffer(string: "PING :x\r\n")

    private func taken(_ queue: inout SendQueue) -> ByteBuffer? {
        queue.take()
    }

    @Test func aSingleLineIsHandedOnWithoutACopy() {
        var queue = SendQueue()
        queue.append(line, at: .zero)
        let taken = queue.take()
        #expect(taken?.withUnsafeReadableBytes { $0.baseAddress } == line.withUnsafeReadableBytes { $0.baseAddress })
    }

    @Test func linesOfOneTurnAreOnePiece() {
        var queue = SendQueue()
        for text in ["a\r\n", "b\r\n", "c\r\n"] { queue.append(ByteBuffer(string: text), at: .seconds(1)) }
        #expect(taken(&queue) == ByteBuffer(string: "a\r\nb\r\nc\r\n"))
        #expect(taken(&queue) == nil)
    }

    @Test func theSharedLineIsNotChangedByWhatFollows() {
        var queue = SendQueue()
        queue.append(line, at: .zero)
        queue.append(line, at: .zero)
        #expect(line == ByteBuffer(string: "PING :x\r\n"))
    }

    @Test func nothingMoreIsTakenWhileAPieceIsUnderWay() {
        var queue = SendQueue()
        queue.append(line, at: .zero)
        #expect(taken(&queue) != nil)
        queue.append(line, at: .zero)
        #expect(taken(&queue) == nil)
        #expect(queue.unsentBytes == 18)
        queue.written()
        #expect(queue.unsentBytes == 9)
        #expect(taken(&queue) == line)
        queue.written()
        #expect(queue.isEmpty)
    }

    @Test func theAgeIsThatOfTheOldestUnsentByte() {
        var queue = SendQueue()
        #expect(queue.oldest == nil)
        queue.append(line, at: .seconds(1))
        _ = queue.take()
        queue.append(line, at: .seconds(5))
        queue.append(line, at: .seconds(9))
        #expect(queue.oldest == .seconds(1))
        queue.written()
        #expect(queue.oldest == .seconds(5))
        _ = queue.take()
        queue.written()
        #expect(queue.oldest == .seconds(9))
        _ = queue.take()
        queue.written()
        #expect(queue.oldest == nil)
    }

    @Test func piecesAreBounded() {
        var queue = SendQueue()
        let long = ByteBuffer(repeating: UInt8(ascii: "x"), count: 20_000)
        for _ in 0..<10 { queue.append(long, at: .zero) }
        var sizes: [Int] = []
        while let piece = queue.take() {
            sizes.append(piece.readableBytes)
            queue.written()
        }
        #expect(sizes == [60_000, 60_000, 60_000, 20_000])
        #expect(queue.unsentBytes == 0)
    }

    @Test func everythingCanBeForgotten() {
        var queue = SendQueue()
        queue.append(line, at: .zero)
        _ = queue.take()
        queue.append(line, at: .zero)
        queue.removeAll()
        #expect(queue.isEmpty)
        #expect(queue.oldest == nil)
    }
}
