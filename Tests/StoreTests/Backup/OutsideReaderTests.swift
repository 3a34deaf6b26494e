import Foundation
import GRDB
import Logging
import RoostTesting
import Testing

@testable import Store

/// What a program for replication does beside the server, and what a disk does that is full.
@Suite struct OutsideReaderTests {
    private func message(_ sequence: Int64, bytes: Int = 4000) -> StoredMessage {
        StoredMessage(
            sequence: sequence, id: "m\(sequence)", conversation: "#a", time: sequence, kind: .privmsg, source: "a!b@c", account: nil,
            tags: "", text: Data(repeating: 65, count: bytes), recipient: nil)
    }

    private func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    @Test func aReaderThatStaysHoldsNobodyUpAndTheLogIsBoundedAfterwards() async throws {
        try await withTestDirectory { folder in
            let path = folder.path + "/roost.db"
            let database = try RoostDatabase(path: path)
            let history = HistoryStore(database)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let outside = try DatabaseQueue(path: path, configuration: configuration)
            try await outside.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN")
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM message")
            }
            for group in 0..<6 { try await history.append((1...500).map { message(Int64(group * 500 + $0)) }) }
            let held = try size(path + "-wal")
            // More than SQLite lets the log grow to when nobody reads: the reader did hold it.
            #expect(held > 2 * 1000 * 4096)
            try await outside.writeWithoutTransaction { db in
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM message") == 0)
                try db.execute(sql: "COMMIT")
            }
            for group in 6..<15 { try await history.append((1...500).map { message(Int64(group * 500 + $0)) }) }
            #expect(try size(path + "-wal") <= held + 2 * 1000 * 4096)
            #expect(try await history.newest().sequence == 7500)
            try outside.close()
            try database.close()
        }
    }

    @Test func aFullDiskLosesNothingThatWaits() async throws {
        let database = try RoostDatabase.inMemory()
        let history = HistoryStore(database)
        let clock = VirtualClock()
        let writer = await HistoryWriter(store: history, clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await database.writer.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
        }
        for sequence in 1...20 { await writer.append(message(Int64(sequence))) }
        await writer.flush()
        #expect(try await history.newest().sequence == 0)
        await #expect(throws: DatabaseError.self) {
            for number in 0..<2000 { _ = try await AccountStore(database).create(AccountRecord(name: "account\(number)", createdAt: 1)) }
        }
        try await database.writer.writeWithoutTransaction { db in _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1000000") }
        await writer.flush()
        #expect(try await history.newest().sequence == 20)
        #expect(await writer.droppedRows == 0)
    }
}
