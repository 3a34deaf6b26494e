import Crypto
import Foundation

/// A whole request.
struct AuthorityRequest: Sendable {
    let method: String
    let path: String
    let contentType: String?
    let userAgent: String?
    let body: Data
}

/// A whole answer.
struct AuthorityReply: Sendable {
    var status: Int
    var headers: [(String, String)] = []
    var body = Data()
}

/// Why a request is refused.
struct AuthorityRefusal: Error {
    var status: Int
    var type: String
    var detail: String

    init(_ status: Int, _ type: String, _ detail: String) {
        (self.status, self.type, self.detail) = (status, type, detail)
    }
}

/// Everything an ``ACMEAuthority`` knows.
struct AuthorityState: Sendable {
    struct Account: Sendable {
        let key: P256.Signing.PublicKey
        let thumbprint: String
        var contact: [String]
    }

    struct Authorization: Sendable {
        let name: String
        let token: String
        let order: Int
        var status = "pending"
        /// The kind of the challenge that is looked at.
        var chosen: String?
        var error: String?
    }

    struct Order: Sendable {
        let account: Int
        let names: [String]
        var authorizations: [Int]
        var status = "pending"
        var looksLeft = 0
        var chain: String?
    }

    /// A challenge to look at.
    struct Look: Sendable {
        let authorization: Int
        let type: String
        let name: String
        let token: String
        let keyAuthorization: String
        let port: Int
    }

    let origin: String
    var options: ACMEAuthorityOptions
    var records = ACMERecords()
    var faults: [ACMEFault] = []
    var renewalWindow: (Date, Date)?
    /// Those to begin after this request.
    var looks: [Look] = []
    var nonces: Set<String> = []
    var accounts: [Account] = []
    var orders: [Order] = []
    var authorizations: [Authorization] = []
    /// The newest certificate's, by what it is asked for.
    var renewalIDs: Set<String> = []
    let issuer: AuthorityIssuer

    init(_ options: ACMEAuthorityOptions, origin: String) throws {
        (self.options, self.origin) = (options, origin)
        issuer = try AuthorityIssuer(now: options.now())
    }

    mutating func makeNonce() -> String {
        let nonce = Self.random()
        nonces.insert(nonce)
        return nonce
    }

    static func random() -> String {
        AuthorityText.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    /// Takes what a look at a challenge came to.
    mutating func finish(_ look: Look, _ problem: String?) {
        let index = look.authorization
        if problem == nil { records.goodLooks += 1 } else { records.badLooks += 1 }
        guard authorizations[index].status == "pending" else { return }
        if let problem {
            authorizations[index].status = "invalid"
            authorizations[index].error = problem
            orders[authorizations[index].order].status = "invalid"
        } else {
            authorizations[index].status = "valid"
            let order = authorizations[index].order
            if orders[order].status == "pending", orders[order].authorizations.allSatisfy({ authorizations[$0].status == "valid" }) {
                orders[order].status = "ready"
            }
        }
    }
}

/// base64url, strictly.
enum AuthorityText {
    static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func decode(_ text: String) -> Data? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let padded = text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: padded)
    }
}
