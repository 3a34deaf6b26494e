import Crypto
import Foundation
import Logging
import Push
import Store

/// The master key of a server, and what is sealed for the server itself.
struct Vault: Sendable {
    let box: SecretBox
    let rotation: KeyRotation
    /// From which the hosts of people are made.
    let cloakKey: SymmetricKey
    let pushKey: VAPIDKey
    /// From which comes what SCRAM says of accounts that cannot log in so.
    let scramKey: SymmetricKey

    /// Opens what is in `database` with the key in `file`, and makes what is missing.
    ///
    /// - Throws: ``SecretKeyFileError``, ``SecretBoxError``, and errors of the database.
    static func open(_ database: RoostDatabase, _ file: SecretKeyFile) async throws -> Vault {
        let box = try file.box(for: database)
        let secrets = ServerSecretStore(database, box: box)
        let cloak = try await secrets.secret(.cloak) { Self.derive("roost cloak", from: $0) }
        let scram = try await secrets.secret(.scram) { Self.derive("roost scram", from: $0) }
        let push = try await secrets.secret(.push) { VAPIDKey(derivedFrom: $0).rawRepresentation }
        return Vault(
            box: box, rotation: KeyRotation(database, box: box, file: file), cloakKey: SymmetricKey(data: cloak),
            pushKey: try VAPIDKey(rawRepresentation: push), scramKey: SymmetricKey(data: scram))
    }

    private static func derive(_ purpose: String, from key: SymmetricKey) -> Data {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(purpose.utf8), outputByteCount: 32).withUnsafeBytes { Data($0) }
    }

    /// Goes on with a change of the master key that was begun: by a run that crashed, or by whoever put a second key into the
    /// file. Should it fail, both keys go on opening, and the next start tries again.
    func finishRotation(_ logger: Logger) async {
        let keys = box.keys
        guard let former = keys.former else { return }
        do {
            let result = try await rotation.resume()
            if result.values > 0 {
                logger.notice(
                    "key.changed", metadata: ["key": "\(keys.current.name)", "sealed": "\(result.values)"])
            }
            guard rotation.file.owner == .systemd else { return }
            logger.notice("key.former", metadata: ["key": "\(former.name)"])
        } catch {
            logger.error("key.change.failed", metadata: ["error": "\(error)"])
        }
    }
}
