import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct ReadMarkerStoreTests {
    /// Databases of before have markers under the names that people had.
    @Test func markersMoveToTheConversation() async throws {
        let database = try RoostDatabase.inMemory()
        let (history, markers) = (HistoryStore(database), ReadMarkerStore(database))
        try await history.append([
            StoredMessage(
                sequence: 1, id: "1", conversation: Conversation.direct("ann", "ben"), time: 1, kind: .privmsg, source: "Benny!u@h",
                account: "ben", tags: "", text: Data("x".utf8), recipient: "ann")
        ])
        for (target, time) in [("benny", Int64(7)), ("ben", 5), ("#benny", 3), ("nobody", 4)] {
            try await markers.set(target, time, ofAccount: "ann", limit: 10)
        }
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = 'read_marker.correspondents'")
        }
        try Schema.migrate(database.writer)
        #expect(try await markers.all(ofAccount: "ann") == ["ben": 7, "#benny": 3, "nobody": 4])
    }
}
