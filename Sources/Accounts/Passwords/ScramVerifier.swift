import COpenSSL
package import Crypto
package import Foundation

/// What is kept of a password for SCRAM-SHA-256 (RFC 5802 section 3): enough to see that somebody knows it, not enough to log in.
package struct ScramVerifier: Sendable, Equatable {
    /// The fewest iterations that may be set. Whoever has the verifier guesses at their price.
    package static let minimumIterations = 600_000
    /// Bytes of a salt.
    private static let saltLength = 16

    package let salt: Data
    package let iterations: Int
    package let storedKey: Data
    package let serverKey: Data

    /// Of a new password, with a fresh salt. Slow: the work of ``iterations``. Nil when clients cannot prepare the password.
    init?(password: String, iterations: Int) {
        let salt = SymmetricKey(size: SymmetricKeySize(bitCount: Self.saltLength * 8)).withUnsafeBytes { Data($0) }
        self.init(password: password, salt: salt, iterations: iterations)
    }

    /// As above, with a given salt.
    package init?(password: String, salt: Data, iterations: Int) {
        guard let prepared = password.preparedPassword, let iterationCount = CInt(exactly: iterations), iterationCount > 0 else {
            return nil
        }
        let text = prepared.utf8.map { CChar(bitPattern: $0) }
        var salted = [UInt8](repeating: 0, count: SHA256.byteCount)
        let code = PKCS5_PBKDF2_HMAC(
            text, CInt(text.count), Array(salt), CInt(salt.count), iterationCount, EVP_sha256(), CInt(salted.count), &salted)
        guard code == 1 else { return nil }
        let key = SymmetricKey(data: salted)
        self.init(
            salt: salt, iterations: iterations, storedKey: Data(SHA256.hash(data: Self.mac("Client Key", key))),
            serverKey: Self.mac("Server Key", key))
    }

    /// What stands in for somebody who has none: always the same for a name, so that nobody learns which accounts there are. No proof
    /// fits it.
    ///
    /// - Parameters:
    ///   - name: as it was asked for.
    ///   - key: a secret of this server.
    init(standingInFor name: String, key: SymmetricKey, iterations: Int) {
        let name = name.lowercased()
        self.init(
            salt: Self.mac("salt " + name, key).prefix(Self.saltLength), iterations: iterations, storedKey: Self.mac("stored " + name, key),
            serverKey: Self.mac("server " + name, key))
    }

    private init(salt: Data, iterations: Int, storedKey: Data, serverKey: Data) {
        (self.salt, self.iterations, self.storedKey, self.serverKey) = (salt, iterations, storedKey, serverKey)
    }

    /// Reads ``text``; nil when it is none.
    init?(_ text: String) {
        let fields = text.split(whereSeparator: { $0 == "$" || $0 == ":" })
        guard text.utf8.count < 256, fields.count == 5, fields[0] == "SCRAM-SHA-256", let iterations = Int(fields[1]), iterations > 0,
            let salt = Data(base64Encoded: String(fields[2])), let storedKey = Data(base64Encoded: String(fields[3])),
            let serverKey = Data(base64Encoded: String(fields[4])), storedKey.count == SHA256.byteCount,
            serverKey.count == SHA256.byteCount
        else { return nil }
        self.init(salt: salt, iterations: iterations, storedKey: storedKey, serverKey: serverKey)
    }

    /// As it is stored: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (the form of RFC 5803).
    package var text: String {
        "SCRAM-SHA-256$\(iterations):\(salt.base64EncodedString())$\(storedKey.base64EncodedString()):\(serverKey.base64EncodedString())"
    }

    /// Whether `proof` is the ClientProof of somebody who knows the password, over the AuthMessage. Takes the same time for all proofs of
    /// the right length.
    func isProven(by proof: Data, over message: Data) -> Bool {
        let signature = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: storedKey))
        guard proof.count == SHA256.byteCount else { return false }
        return SHA256.hash(data: Data(zip(signature, proof).map { $0 ^ $1 })) == storedKey
    }

    /// The ServerSignature over the AuthMessage.
    func signature(over message: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: serverKey)))
    }

    private static func mac(_ text: String, _ key: SymmetricKey) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }
}
