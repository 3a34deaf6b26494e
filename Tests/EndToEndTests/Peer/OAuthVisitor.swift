import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting

/// A client that talks to the peer the way a broker would, or wrongly where a test wants it.
struct OAuthVisitor {
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let body: Data

        /// A string member of the JSON body.
        subscript(name: String) -> String? {
            guard case .object(let members) = try? PeerJSON(parsing: body), case .string(let value) = members[name] else { return nil }
            return value
        }

        func header(_ name: String) -> String? { headers.first(name: name) }

        /// The parameters of the `Location` header.
        var callback: [String: String] {
            let items = headers.first(name: "Location").flatMap { URLComponents(string: $0)?.queryItems } ?? []
            return Dictionary(items.map { ($0.name, $0.value ?? "") }) { $1 }
        }
    }

    struct Tokens {
        var access: String
        var refresh: String
        var did: String
    }

    /// What a test may get wrong in a proof; nil leaves it right.
    struct ProofChanges {
        var type = "dpop+jwt"
        var method: String?
        var url: String?
        var issuedAt: Int64?
        var identifier: String?
        var accessToken: String?
        var showsPrivateKey = false
        var breaksSignature = false
    }

    static let redirect = "http://127.0.0.1:9/auth/callback"
    static let clientID = "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fauth%2Fcallback&scope=atproto"

    let peer: ATProtoPeer
    let http: HTTPClient
    let key = P256.Signing.PrivateKey()
    var nonces: [String: String] = [:]

    private static func text(_ data: some Sequence<UInt8>) -> String {
        Data(data).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    static func random() -> String { text((0..<32).map { _ in UInt8.random(in: 0...255) }) }

    static func digest(_ value: String) -> String { text(SHA256.hash(data: Data(value.utf8))) }

    /// A DPoP proof for a request to `url`.
    func proof(_ method: String, _ url: String, accessToken: String? = nil, _ changes: ProofChanges = ProofChanges()) throws -> String {
        let point = key.publicKey.x963Representation
        var jwk: [String: PeerJSON] = [
            "kty": "EC", "crv": "P-256", "x": .string(Self.text(point[1..<33])), "y": .string(Self.text(point[33..<65])),
        ]
        if changes.showsPrivateKey { jwk["d"] = .string(Self.text(key.rawRepresentation)) }
        var claims: [String: PeerJSON] = [
            "jti": .string(changes.identifier ?? Self.random()), "htm": .string(changes.method ?? method),
            "htu": .string(changes.url ?? url),
            "iat": .integer(Int(changes.issuedAt ?? Int64(Date().timeIntervalSince1970))),
        ]
        claims["nonce"] = nonces[origin(of: url)].map { .string($0) }
        claims["ath"] = (changes.accessToken ?? accessToken).map { .string(Self.digest($0)) }
        let header: PeerJSON = ["typ": .string(changes.type), "alg": "ES256", "jwk": .object(jwk)]
        let signed = Self.text(header.data) + "." + Self.text(PeerJSON.object(claims).data)
        var signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        if changes.breaksSignature { signature[10] ^= 1 }
        return signed + "." + Self.text(signature)
    }

    private func origin(of url: String) -> String {
        url.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
    }

    /// One request, without any retry. Remembers the nonce of the answer.
    mutating func send(
        _ method: String, _ url: String, form: [String: String]? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let form {
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let allowed = CharacterSet.alphanumerics
            let text = form.map { name, value in name + "=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "") }
            request.body = .bytes(ByteBuffer(string: text.joined(separator: "&")))
        }
        let response = try await http.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 8 * 1024 * 1024)
        if let nonce = response.headers.first(name: "DPoP-Nonce") { nonces[origin(of: url)] = nonce }
        return Answer(status: Int(response.status.code), headers: response.headers, body: Data(body.readableBytesView))
    }

    /// A form to the authorization server with a proof, tried a second time when only the nonce was missing.
    mutating func post(_ path: String, _ form: [String: String], _ changes: ProofChanges = ProofChanges()) async throws -> Answer {
        let url = peer.origins.issuer + path
        let answer = try await send("POST", url, form: form, headers: ["DPoP": try proof("POST", url, changes)])
        guard answer["error"] == "use_dpop_nonce" else { return answer }
        return try await send("POST", url, form: form, headers: ["DPoP": try proof("POST", url, changes)])
    }

    static func pushForm(hint: String, verifier: String) -> [String: String] {
        [
            "client_id": clientID, "redirect_uri": redirect, "response_type": "code", "scope": "atproto", "state": random(),
            "code_challenge": digest(verifier), "code_challenge_method": "S256", "login_hint": hint,
        ]
    }

    /// Pushes a request and follows the browser's way to the redirect.
    mutating func authorize(_ hint: String, verifier: String) async throws -> Answer {
        let pushed = try await post("/oauth/par", Self.pushForm(hint: hint, verifier: verifier))
        var address = URLComponents()
        address.queryItems = [
            URLQueryItem(name: "client_id", value: Self.clientID), URLQueryItem(name: "request_uri", value: pushed["request_uri"]),
        ]
        let query = (address.percentEncodedQuery ?? "").replacingOccurrences(of: "+", with: "%2B")
        return try await send("GET", peer.origins.issuer + "/oauth/authorize?" + query)
    }

    mutating func exchange(code: String, verifier: String) async throws -> Answer {
        try await post(
            "/oauth/token",
            [
                "grant_type": "authorization_code", "client_id": Self.clientID, "redirect_uri": Self.redirect, "code": code,
                "code_verifier": verifier,
            ])
    }

    mutating func refresh(_ token: String) async throws -> Answer {
        try await post("/oauth/token", ["grant_type": "refresh_token", "client_id": Self.clientID, "refresh_token": token])
    }

    /// The status of a refresh from a copy of this visitor; nil when the connection ended without an answer.
    func statusOfRefresh(_ token: String) async -> Int? {
        var copy = self
        return try? await copy.refresh(token).status
    }

    mutating func getSession(_ token: String) async throws -> Answer {
        let url = peer.origins.pds + "/xrpc/com.atproto.server.getSession"
        func headers(_ visitor: Self) throws -> [String: String] {
            ["Authorization": "DPoP " + token, "DPoP": try visitor.proof("GET", url, accessToken: token)]
        }
        let answer = try await send("GET", url, headers: headers(self))
        guard answer["error"] == "use_dpop_nonce" else { return answer }
        return try await send("GET", url, headers: headers(self))
    }

    /// The whole way of a person who signs in.
    mutating func signIn(_ hint: String) async throws -> Tokens {
        let verifier = Self.random()
        let callback = try await authorize(hint, verifier: verifier).callback
        let answer = try await exchange(code: callback["code"] ?? "", verifier: verifier)
        return Tokens(access: answer["access_token"] ?? "", refresh: answer["refresh_token"] ?? "", did: answer["sub"] ?? "")
    }
}

/// Runs `body` with a peer that has the account `alice.test`, and a visitor.
func withVisitor(
    _ options: ATProtoPeerOptions = ATProtoPeerOptions(), _ body: (ATProtoPeer, PeerAccount, inout OAuthVisitor) async throws -> Void
) async throws {
    let http = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
    do {
        try await withATProtoPeer(options) { peer in
            var visitor = OAuthVisitor(peer: peer, http: http)
            try await body(peer, peer.addAccount("alice.test"), &visitor)
        }
    } catch {
        try await http.shutdown()
        throw error
    }
    try await http.shutdown()
}
