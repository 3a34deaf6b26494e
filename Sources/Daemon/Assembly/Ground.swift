import Accounts
import Foundation
import Logging
import MainLoop
import Settings
import Store

/// What everything else stands on: the data directory, its lock, the database and the keys.
@LoopActor
final class Ground {
    let data: DataDirectory
    let database: RoostDatabase
    let brokerStore: BrokerStore
    let history: HistoryStore
    let historyWriter: HistoryWriter
    let hasher: PasswordHasher
    let vault: Vault
    let pushSubscriptions: PushSubscriptionStore
    /// The sequence of the newest stored message.
    let lastSequence: Int64
    private let lock: InstanceLock
    private let logger: Logger

    var accounts: AccountStore { AccountStore(database) }
    var state: ServerStateStore { ServerStateStore(database) }
    var metadata: MetadataStore { MetadataStore(database) }
    var apiTokens: APITokenStore { APITokenStore(database) }
    var readMarkers: ReadMarkerStore { ReadMarkerStore(database) }

    /// The documents of one kind.
    func records(_ kind: RecordStore.Kind) -> RecordStore { RecordStore(database, kind) }

    private init(
        data: DataDirectory, lock: InstanceLock, database: RoostDatabase, keyFile: SecretKeyFile, settings: Settings,
        clock: any LoopClock, logger: Logger
    ) async throws {
        self.data = data
        self.lock = lock
        self.database = database
        self.logger = logger
        hasher = PasswordHasher(settings.accounts)
        vault = try await Vault.open(database, keyFile)
        await vault.finishRotation(logger)
        brokerStore = BrokerStore(database: database, box: vault.box)
        pushSubscriptions = PushSubscriptionStore(database, box: vault.box)
        history = HistoryStore(database)
        historyWriter = HistoryWriter(store: history, clock: clock, logger: logger, maximumDelay: settings.history.commitDelay)
        lastSequence = try await history.newest().sequence
    }

    /// Opens the database and the keys of `data`, making them in a new directory.
    static func prepare(
        _ data: DataDirectory, lock: InstanceLock, keyFile: SecretKeyFile, settings: Settings, clock: any LoopClock, logger: Logger
    ) async throws(StartError) -> Ground {
        let database: RoostDatabase
        do {
            database = try RoostDatabase(path: data.database)
        } catch {
            throw StartError(error)
        }
        if let upgrade = database.upgrade {
            logger.notice(
                "database.upgraded",
                metadata: ["steps": "\(upgrade.steps.joined(separator: " "))", "copy": "\(upgrade.copy)"])
        }
        do {
            return try await Ground(
                data: data, lock: lock, database: database, keyFile: keyFile, settings: settings, clock: clock, logger: logger)
        } catch {
            try? database.close()
            throw StartError(opening: keyFile, error)
                ?? StartError(data.database, "cannot be read: \(error)", remedy: "restore it from a backup")
        }
    }

    /// Puts on disk what waits, closes, and lets another one have the data directory.
    func close() async {
        defer { lock.release() }
        await historyWriter.flush()
        await hasher.shutdown()
        do {
            try database.close()
        } catch {
            logger.error("database.close.failed", metadata: ["error": "\(error)"])
        }
    }
}
