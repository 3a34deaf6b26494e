import Crypto
import Foundation

/// The client in an exchange of SCRAM-SHA-256 (RFC 5802), by the letter of it and without a line of the server's code.
package struct ScramClient: Sendable {
    package var name: String
    package var password: String
    package var nonce = "clientnonce"
    /// The GS2 header.
    package var header = "n,,"
    /// What follows the nonce in the last message, with a comma before it.
    package var extensions = ""

    package init(name: String, password: String) {
        (self.name, self.password) = (name, password)
    }

    private var bare: String {
        "n=\(name.replacing("=", with: "=3D").replacing(",", with: "=2C")),r=\(nonce)"
    }

    /// The client-first-message.
    package var first: String { header + bare }

    /// The client-final-message that answers a server-first-message, and the server-final-message that has to follow; nil when the
    /// challenge is none.
    package func final(_ challenge: String) -> (message: String, acknowledgement: String)? {
        let fields = challenge.split(separator: ",")
        guard fields.count == 3, fields[0].hasPrefix("r=" + nonce), fields[1].hasPrefix("s="), fields[2].hasPrefix("i="),
            let salt = Data(base64Encoded: String(fields[1].dropFirst(2))), let iterations = Int(fields[2].dropFirst(2))
        else { return nil }
        let salted = Self.saltedPassword(password, salt, iterations)
        let clientKey = Self.mac(Data("Client Key".utf8), salted)
        let start = "c=\(Data(header.utf8).base64EncodedString()),\(fields[0])\(extensions)"
        let message = Data("\(bare),\(challenge),\(start)".utf8)
        let signature = Self.mac(message, Data(SHA256.hash(data: clientKey)))
        let proof = Data(zip(clientKey, signature).map { $0 ^ $1 })
        let answer = Self.mac(message, Self.mac(Data("Server Key".utf8), salted))
        return ("\(start),p=\(proof.base64EncodedString())", "v=\(answer.base64EncodedString())")
    }

    /// Hi() of RFC 5802.
    private static func saltedPassword(_ password: String, _ salt: Data, _ iterations: Int) -> Data {
        let key = Data(password.utf8)
        var block = mac(salt + Data([0, 0, 0, 1]), key)
        var sum = block
        for _ in 1..<iterations {
            block = mac(block, key)
            sum = Data(zip(sum, block).map { $0 ^ $1 })
        }
        return sum
    }

    private static func mac(_ data: Data, _ key: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key)))
    }
}
