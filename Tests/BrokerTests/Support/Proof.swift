import ATProto
import Crypto
import Foundation

/// The DPoP proof of a request, if its form and signature hold.
struct Proof {
    let method: String
    let url: String
    let identifier: String
    let nonce: String?
    let issuedAt: Int64
    let accessTokenHash: String?
    let thumbprint: String

    init?(_ request: FetchRequest) {
        let headers = request.headers.filter { $0.0.lowercased() == "dpop" }
        guard headers.count == 1, let parts = headers.first?.1.split(separator: ".").map(String.init), parts.count == 3,
            let header = Self.object(parts[0]), let claims = Self.object(parts[1]), header["typ"] as? String == "dpop+jwt",
            header["alg"] as? String == "ES256", let jwk = header["jwk"] as? [String: String], Set(jwk.keys) == ["kty", "crv", "x", "y"],
            let x = Base64URL.decode(jwk["x"] ?? ""), let y = Base64URL.decode(jwk["y"] ?? ""),
            let key = try? P256.Signing.PublicKey(rawRepresentation: x + y), let raw = Base64URL.decode(parts[2]),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw),
            key.isValidSignature(signature, for: Data((parts[0] + "." + parts[1]).utf8)), let method = claims["htm"] as? String,
            let url = claims["htu"] as? String, let identifier = claims["jti"] as? String, let issuedAt = claims["iat"] as? Int64
        else { return nil }
        self.method = method
        self.url = url
        self.identifier = identifier
        self.issuedAt = issuedAt
        nonce = claims["nonce"] as? String
        accessTokenHash = claims["ath"] as? String
        thumbprint = (jwk["x"] ?? "") + "." + (jwk["y"] ?? "")
    }

    private static func object(_ text: String) -> [String: Any]? {
        Base64URL.decode(text).flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }
    }
}

extension FetchRequest {
    /// The form of the body.
    var form: [String: String] {
        let text = String(decoding: body ?? Data(), as: UTF8.self)
        let pairs = text.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" } }
        return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { _, second in second }
    }
}
