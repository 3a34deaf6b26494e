import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@LoopActor @Suite struct HistoryWriterTests {
    private func message(_ sequence: Int64) -> StoredMessage {
        StoredMessage(
            sequence: sequence, id: "id\(sequence)", conversation: "#c", time: sequence, kind: .privmsg, source: "a!b@c", account: nil,
            tags: "",
            text: Data(), recipient: nil)
    }

    private func writer(_ disk: Disk, clock: VirtualClock, backlog: Int = 100) -> HistoryWriter {
        HistoryWriter(
            clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, maximumDelay: .milliseconds(50), maximumRows: 10,
            backlog: backlog
        ) { try await disk.take($0) }
    }

    @Test func commitsInGroupsAfterTheDelay() async {
        let (disk, clock) = (Disk(), VirtualClock())
        let writer = writer(disk, clock: clock)
        for number in 1...5 { writer.append(message(Int64(number))) }
        #expect(disk.groups.isEmpty)
        clock.advance(by: .milliseconds(50))
        await disk.wait(forRows: 5)
        #expect(disk.groups == [[1, 2, 3, 4, 5]])
    }

    @Test func aFullGroupDoesNotWait() async {
        let (disk, clock) = (Disk(), VirtualClock())
        let writer = writer(disk, clock: clock)
        for number in 1...25 { writer.append(message(Int64(number))) }
        await disk.wait(forRows: 20)
        await writer.flush()
        #expect(disk.groups.flatMap { $0 } == Array(1...25))
        #expect(disk.groups.allSatisfy { $0.count <= 10 })
    }

    @Test func nothingIsLostWhileTheDiskFails() async {
        let (disk, clock) = (Disk(), VirtualClock())
        disk.isFailing = true
        let writer = writer(disk, clock: clock)
        for number in 1...3 { writer.append(message(Int64(number))) }
        await writer.flush()
        #expect(disk.groups.isEmpty)
        disk.isFailing = false
        writer.append(message(4))
        await writer.flush()
        #expect(disk.groups.flatMap { $0 } == [1, 2, 3, 4])
        #expect(writer.droppedRows == 0)
    }

    @Test func theBacklogIsBoundedAndSaysSo() async {
        let (disk, clock) = (Disk(), VirtualClock())
        disk.isFailing = true
        let writer = writer(disk, clock: clock, backlog: 20)
        for number in 1...50 { writer.append(message(Int64(number))) }
        await writer.flush()
        #expect(writer.droppedRows > 0)
        disk.isFailing = false
        await writer.flush()
        await writer.flush()
        let stored = disk.groups.flatMap { $0 }
        #expect(stored == stored.sorted() && stored.last == 50 && stored.count + writer.droppedRows == 50)
    }
}

@LoopActor private final class Disk {
    struct Failure: Error {}

    var isFailing = false
    private(set) var groups: [[Int64]] = []

    func take(_ rows: [StoredMessage]) throws {
        if isFailing { throw Failure() }
        groups.append(rows.map(\.sequence))
    }

    func wait(forRows count: Int) async {
        while groups.reduce(0, { $0 + $1.count }) < count { await Task.yield() }
    }
}
