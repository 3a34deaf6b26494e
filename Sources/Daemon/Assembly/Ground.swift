import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import Push
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
    /// Secret of this server from which the hosts of guests are made.
    let cloakKey: SymmetricKey
    /// Secret of this server from which comes what SCRAM says of accounts that cannot log in so.
    let scramKey: SymmetricKey
    let pushKey: VAPIDKey
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
        data: DataDirectory, lock: InstanceLock, database: RoostDatabase, settings: Settings, clock: any LoopClock, logger: Logger
    ) async throws {
        self.data = data
        self.lock = lock
        self.database = database
        self.logger = logger
        hasher = PasswordHasher(settings.accounts)
        brokerStore = try BrokerStore(database: database, keyFile: data.secretKey)
        let secret = try SecretKeyFile.load(path: data.secretKey, secretsExist: true)
        cloakKey = Self.derive("roost cloak", from: secret)
        scramKey = Self.derive("roost scram", from: secret)
        pushKey = VAPIDKey(derivedFrom: secret)
        pushSubscriptions = PushSubscriptionStore(database, box: SecretBox(key: secret))
        history = HistoryStore(database)
        historyWriter = HistoryWriter(store: history, clock: clock, logger: logger, maximumDelay: settings.history.commitDelay)
        lastSequence = try await history.newest().sequence
    }

    /// Opens the database and the keys of `data`, making them in a new directory.
    static func prepare(
        _ data: DataDirectory, lock: InstanceLock, settings: Settings, clock: any LoopClock, logger: Logger
    ) async throws(StartError) -> Ground {
        let database: RoostDatabase
        do {
            database = try RoostDatabase(path: data.database)
        } catch {
            throw StartError(error)
        }
        do {
            return try await Ground(data: data, lock: lock, database: database, settings: settings, clock: clock, logger: logger)
        } catch {
            try? database.close()
            throw explain(error, data)
        }
    }

    private static func explain(_ error: any Error, _ data: DataDirectory) -> StartError {
        switch error {
        case let error as SecretKeyFileError: StartError(error)
        case let error as SecretBoxError: StartError("\(data.secretKey)", error.description, remedy: "restore both files from one backup")
        default: StartError(data.database, "cannot be read: \(error)", remedy: "restore it from a backup")
        }
    }

    private static func derive(_ purpose: String, from key: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(purpose.utf8), outputByteCount: 32)
    }

    /// Puts on disk what waits, closes, and lets another one have the data directory.
    func close() async {
        defer { lock.release() }
        await historyWriter.flush()
        await hasher.shutdown()
        do {
            try database.close()
        } catch {
            logger.error("The database did not close cleanly", metadata: ["error": "\(error)"])
        }
    }
}
