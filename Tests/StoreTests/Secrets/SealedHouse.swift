import Crypto
import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

/// A data directory whose database has a value in every sealed column, and what those values are.
struct SealedHouse {
    let folder: URL
    let file: SecretKeyFile
    let database: RoostDatabase
    let box: SecretBox

    /// What nobody may find in the files.
    static let secrets = [
        "refresh-token-1", "access-token-1", "dpop-key-1", "client-key-1", "push-secret-1", "cloak-secret-1", "broker-token-1",
    ]
    private static let session = "s1"

    /// Opens what is in the folder.
    init(_ folder: URL, owner: SecretKeyFile.Owner = .server) throws {
        self.folder = folder
        file = SecretKeyFile(folder.path + "/secret.key", owner: owner)
        database = try RoostDatabase(path: folder.path + "/roost.db")
        box = try file.box(for: database)
    }

    var rotation: KeyRotation { KeyRotation(database, box: box, file: file) }
    var broker: BrokerStore { BrokerStore(database: database, box: box) }
    var push: PushSubscriptionStore { PushSubscriptionStore(database, box: box) }
    var server: ServerSecretStore { ServerSecretStore(database, box: box) }

    func fill() async throws {
        _ = try await server.secret(.cloak) { _ in Data("cloak-secret-1".utf8) }
        try await broker.addClientKey(id: "k1", publicKey: Data("public".utf8), secret: Data("client-key-1".utf8), now: 1)
        try await open(Self.session, token: "broker-token-1")
        try await push.save(
            PushSubscription(
                account: "ann", endpoint: "https://push.example/a/b", publicKey: Data("public".utf8), secret: Data("push-secret-1".utf8),
                refreshedAt: 1))
    }

    func open(_ id: String, token: String) async throws {
        let new = NewPDSSession(
            id: id, did: "did:web:\(id).example.com", pds: "https://pds.example.com", issuer: "https://as.example.com",
            clientID: "client", clientKey: "k1", scope: "atproto",
            secrets: SessionSecrets(refreshToken: "refresh-token-1", accessToken: "access-token-1", proofKey: Data("dpop-key-1".utf8)),
            accessExpiresAt: 1000, handle: nil, createdAt: 1)
        _ = try await broker.open(new, tokenHash: Data(SHA256.hash(data: Data(token.utf8))), limit: 10)
    }

    /// Checks that everything opens.
    func checkAll(_ location: SourceLocation = #_sourceLocation) async throws {
        let secrets = try await broker.secrets(id: Self.session)
        #expect(secrets?.refreshToken == "refresh-token-1" && secrets?.accessToken == "access-token-1", sourceLocation: location)
        #expect(secrets?.proofKey == Data("dpop-key-1".utf8), sourceLocation: location)
        #expect(try await broker.clientKeySecret(id: "k1") == Data("client-key-1".utf8), sourceLocation: location)
        #expect(try await push.all().map(\.secret) == [Data("push-secret-1".utf8)], sourceLocation: location)
        #expect(try await server.secret(.cloak) { _ in Data("another".utf8) } == Data("cloak-secret-1".utf8), sourceLocation: location)
    }

    /// What is stored in all sealed columns, with the place of each.
    func sealed() async throws -> [(column: SealedColumn, place: String, value: Data)] {
        try await database.writer.read { db in
            try SealedColumn.allCases.flatMap { column in
                try Row.fetchAll(db, sql: "SELECT * FROM \(column.table) WHERE \(column.name) IS NOT NULL").map { row in
                    (column, column.place(column.identity.map { row[$0] as String }), row[column.name] as Data)
                }
            }
        }
    }

    /// How many of the stored values `box` opens.
    func opened(by box: SecretBox) async throws -> Int {
        try await sealed().count { (try? box.open($0.value, for: $0.place)) != nil }
    }

    /// The bytes of all files but that of the key.
    func bytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("secret.key") }
            .reduce(into: Data()) { $0.append(try Data(contentsOf: folder.appendingPathComponent($1))) }
    }
}

/// Runs `body` with such a directory and closes its database afterwards.
func withSealedHouse(_ body: (SealedHouse) async throws -> Void) async throws {
    try await withTestDirectory { folder in
        let house = try SealedHouse(folder)
        try await house.fill()
        try await body(house)
        try house.database.close()
    }
}
