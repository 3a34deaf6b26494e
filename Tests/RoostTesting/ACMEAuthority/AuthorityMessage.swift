import Crypto
import Foundation

/// A signed request that was checked (RFC 8555 section 6).
struct AuthorityMessage {
    let payload: Data
    /// The number of the account; -1 when it is only asked for.
    let account: Int
    let key: P256.Signing.PublicKey
    let thumbprint: String

    /// The payload as a JSON object.
    func object() throws(AuthorityRefusal) -> [String: Any] {
        guard let value = (try? JSONSerialization.jsonObject(with: payload)) as? [String: Any] else {
            throw AuthorityRefusal(400, "malformed", "the payload is no object")
        }
        return value
    }

    func mustOnlyRead() throws(AuthorityRefusal) {
        guard payload.isEmpty else { throw AuthorityRefusal(400, "malformed", "a request that reads has an empty payload") }
    }
}

extension AuthorityState {
    /// - Parameter isNew: whether the key itself has to be shown, not an account.
    mutating func read(_ request: AuthorityRequest, isNew: Bool) throws(AuthorityRefusal) -> AuthorityMessage {
        guard request.method == "POST" else { throw AuthorityRefusal(405, "malformed", "\(request.method) instead of POST") }
        guard request.contentType == "application/jose+json" else {
            throw AuthorityRefusal(415, "malformed", "the type \(request.contentType ?? "-")")
        }
        let (header, parts) = try split(request.body)
        let payload = AuthorityText.decode(parts.payload)
        guard header["alg"] as? String == "ES256", let payload else { throw AuthorityRefusal(400, "malformed", "the algorithm") }
        guard header["url"] as? String == origin + request.path else { throw AuthorityRefusal(401, "unauthorized", "signed for elsewhere") }
        guard let nonce = header["nonce"] as? String, nonces.remove(nonce) != nil else {
            throw AuthorityRefusal(400, "badNonce", "the nonce is unknown or used")
        }
        let (key, account) = try signer(header, isNew: isNew)
        guard let signature = AuthorityText.decode(parts.signature).flatMap({ try? P256.Signing.ECDSASignature(rawRepresentation: $0) }),
            key.isValidSignature(signature, for: Data("\(parts.protected).\(parts.payload)".utf8))
        else { throw AuthorityRefusal(401, "unauthorized", "the signature is wrong") }
        return AuthorityMessage(payload: payload, account: account, key: key, thumbprint: Self.thumbprint(key))
    }

    private func signer(_ header: [String: Any], isNew: Bool) throws(AuthorityRefusal) -> (P256.Signing.PublicKey, Int) {
        if isNew {
            guard header["kid"] == nil, let jwk = header["jwk"] as? [String: String], let key = Self.key(jwk) else {
                throw AuthorityRefusal(400, "malformed", "a new account shows its key")
            }
            return (key, -1)
        }
        guard header["jwk"] == nil, let kid = header["kid"] as? String, kid.hasPrefix(origin + "/account/"),
            let index = Int(kid.dropFirst((origin + "/account/").count))
        else { throw AuthorityRefusal(400, "malformed", "an account is named, not shown") }
        guard accounts.indices.contains(index) else { throw AuthorityRefusal(400, "accountDoesNotExist", "no such account") }
        return (accounts[index].key, index)
    }

    private func split(
        _ body: Data
    ) throws(AuthorityRefusal) -> (header: [String: Any], parts: (protected: String, payload: String, signature: String)) {
        guard let outer = (try? JSONSerialization.jsonObject(with: body)) as? [String: String], outer.count == 3,
            let protected = outer["protected"], let payload = outer["payload"], let signature = outer["signature"],
            let decoded = AuthorityText.decode(protected),
            let header = (try? JSONSerialization.jsonObject(with: decoded)) as? [String: Any]
        else { throw AuthorityRefusal(400, "malformed", "the body is no flattened JWS") }
        return (header, (protected, payload, signature))
    }

    /// Checks that the holder of `external` says that the key of `message` is theirs (section 7.3.4).
    func check(_ binding: Any?, _ external: (id: String, key: String), _ message: AuthorityMessage) throws(AuthorityRefusal) {
        guard let binding, let body = try? JSONSerialization.data(withJSONObject: binding) else {
            throw AuthorityRefusal(403, "externalAccountRequired", "there is no external account")
        }
        let (header, parts) = try split(body)
        guard header["alg"] as? String == "HS256", header["kid"] as? String == external.id, header["nonce"] == nil,
            header["url"] as? String == origin + "/new-account",
            let jwk = (AuthorityText.decode(parts.payload).flatMap { try? JSONSerialization.jsonObject(with: $0) }) as? [String: String],
            let key = Self.key(jwk), Self.thumbprint(key) == message.thumbprint,
            let secret = AuthorityText.decode(external.key), let code = AuthorityText.decode(parts.signature),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data("\(parts.protected).\(parts.payload)".utf8), using: SymmetricKey(data: secret))
        else { throw AuthorityRefusal(401, "unauthorized", "the external account is not bound") }
    }

    static func key(_ jwk: [String: String]) -> P256.Signing.PublicKey? {
        guard jwk["kty"] == "EC", jwk["crv"] == "P-256", jwk["d"] == nil, let x = jwk["x"].flatMap({ AuthorityText.decode($0) }),
            let y = jwk["y"].flatMap({ AuthorityText.decode($0) }), x.count == 32, y.count == 32
        else { return nil }
        return try? P256.Signing.PublicKey(rawRepresentation: x + y)
    }

    static func thumbprint(_ key: P256.Signing.PublicKey) -> String {
        let point = key.rawRepresentation
        let (x, y) = (AuthorityText.encode(point.prefix(32)), AuthorityText.encode(point.suffix(32)))
        let text = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"\(x)\",\"y\":\"\(y)\"}"
        return AuthorityText.encode(Data(SHA256.hash(data: Data(text.utf8))))
    }
}
