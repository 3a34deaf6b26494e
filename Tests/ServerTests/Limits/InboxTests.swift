import MainLoop
import NIOCore
import Testing

@testable import Server

@LoopActor @Suite struct InboxTests {
    @Test func linesComeOutInOrderAndAreCounted() {
        var inbox = Inbox()
        for number in 0..<10 { inbox.append(ByteBuffer(string: "line \(number)")) }
        #expect(inbox.bytes == 10 * Inbox.cost(of: ByteBuffer(string: "line 0")))
        let lines = (0..<10).map { _ in inbox.next().map { String(buffer: $0) } }
        #expect(lines == (0..<10).map { "line \($0)" })
        #expect(inbox.bytes == 0 && inbox.isEmpty)
    }

    @Test func anEmptyLineCostsSomething() {
        #expect(Inbox.cost(of: ByteBuffer()) > 0)
    }

    @Test func throwingAwayForgetsTheBytes() {
        var inbox = Inbox()
        inbox.append(ByteBuffer(string: "x"))
        inbox.removeAll()
        #expect(inbox.isEmpty && inbox.bytes == 0)
    }

    /// The bound is exact: what fits waits, one more line ends it.
    @Test(arguments: [(10, false), (11, true)])
    func theBoundIsExact(_ lines: Int, _ isCut: Bool) async throws {
        let line = "PRIVMSG bob :xx"
        let test = try await TestWorld { $0.limits.receiveQueue = 10 * Inbox.cost(of: ByteBuffer(string: line)) }
        let alice = await test.join("alice")
        alice.session.waits = 1
        for _ in 0..<lines { alice.sendAtOnce([line]) }
        await test.settle()
        #expect(alice.isClosed == isCut)
        #expect(isCut == (alice.last == "ERROR :Closing link: 192.0.2.1 (Excess Flood)"))
    }

    /// Many short lines must not take more than they are allowed by weighing nothing.
    @Test func emptyLinesFillTheQueueToo() async throws {
        let test = try await TestWorld { $0.limits.receiveQueue = 10_000 }
        let alice = await test.join("alice")
        alice.session.waits = 1
        alice.sendAtOnce(Array(repeating: "", count: 200))
        await test.settle()
        #expect(alice.isClosed)
    }
}
