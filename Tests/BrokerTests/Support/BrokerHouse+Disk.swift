import GRDB
import MainLoop
import Testing

@testable import Store

extension BrokerHouse {
    /// Makes the database fail whenever a column of a session changes, as a full disk would.
    func refuseUpdates(of column: String) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER IF NOT EXISTS refuse BEFORE UPDATE ON pds_session WHEN NEW.\(column) IS NOT OLD.\(column)
                    BEGIN SELECT RAISE(ABORT, 'disk full'); END
                    """)
        }
    }

    func allowUpdates() async throws {
        try await database.writer.write { try $0.execute(sql: "DROP TRIGGER IF EXISTS refuse") }
    }
}
