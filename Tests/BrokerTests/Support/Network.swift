import ATProto
import Crypto
import Foundation
import MainLoop
import RoostTesting

/// The PDS and the authorization server of the tests, without sockets and as strict as the profile: nonces demanded,
/// proofs and assertions checked and never seen twice, sessions bound to the key of the client, refresh tokens single use with the session deleted on replay.
@LoopActor
final class Network: Fetching {
    static let pds = "https://pds.example.com"
    static let issuer = "https://as.example.com"

    let clock: VirtualClock
    var faults = NetworkFaults()

    private(set) var requests: [FetchRequest] = []
    /// Sessions by identifier.
    private(set) var sessions: [Int: ServerSession] = [:]
    private(set) var pushed: [String: PushedRequest] = [:]
    private(set) var codes: [String: GrantedCode] = [:]
    private(set) var refreshes: [String: Int] = [:]
    private(set) var replays = 0
    private(set) var revocations = 0
    private var inFlight: [Int: Int] = [:]
    /// The most refreshes of one session that were ever in flight together.
    private(set) var mostInFlight = 0
    private(set) var presented: [String: Int] = [:]
    private var identifiers: Set<String> = []
    /// The published keys of the confidential client, as the broker serves them.
    var clientKeys: @LoopActor () async throws -> Data? = { nil }
    private var nonce = "nonce-1"
    private var counter = 0

    init(clock: VirtualClock) {
        self.clock = clock
    }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request)
        if let failure = faults.failure { throw failure }
        if let endpoint = NetworkEndpoint(request), let answer = faults.answers[endpoint]?.first {
            faults.answers[endpoint]?.removeFirst()
            return try answer.get()
        }
        let path = String(request.url.dropFirst("https://".count).drop { $0 != "/" })
        switch (request.method, path) {
        case ("GET", _) where request.url.contains("nobody"): return json(["error": "not_found"], status: 404)
        case ("GET", "/.well-known/oauth-protected-resource"):
            return json(["resource": origin(of: request.url), "authorization_servers": [faults.namedIssuer ?? Self.issuer]])
        case ("GET", "/.well-known/oauth-authorization-server"):
            return json(Self.metadata(issuer: origin(of: request.url)))
        case ("POST", "/par"): return await answer(request, push)
        case ("POST", "/revoke"): return await answer(request, revoke)
        case ("POST", "/token"): return try await token(request)
        default: return json(["error": "not_found"], status: 404)
        }
    }

    private func origin(of url: String) -> String {
        "https://" + url.dropFirst("https://".count).prefix { $0 != "/" }
    }

    // MARK: - Requests

    private func push(_ form: [String: String], _ sender: Sender) throws(Refused) -> [String: Any] {
        guard form["response_type"] == "code", form["code_challenge_method"] == "S256", let challenge = form["code_challenge"],
            let state = form["state"], form["scope"] == "atproto", let redirect = form["redirect_uri"], let client = form["client_id"]
        else { throw Refused("invalid_request") }
        counter += 1
        let uri = "urn:request:\(counter)"
        pushed[uri] = PushedRequest(
            state: state, challenge: challenge, redirect: redirect, client: client, sender: sender, hint: form["login_hint"] ?? "")
        return ["request_uri": uri, "expires_in": 299]
    }

    private func revoke(_ form: [String: String], _ sender: Sender) throws(Refused) -> [String: Any] {
        revocations += 1
        for (id, session) in sessions where session.refreshToken == form["token"] { sessions[id] = nil }
        return [:]
    }

    private func token(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let form = request.form
        guard form["grant_type"] == "refresh_token" else { return await answer(request, exchange) }
        let sender: Sender
        do {
            sender = try await prove(request)
        } catch {
            return refuse(error)
        }
        let token = form["refresh_token"] ?? ""
        presented[token, default: 0] += 1
        let owner = session(of: token)
        if let owner {
            inFlight[owner, default: 0] += 1
            mostInFlight = max(mostInFlight, inFlight[owner] ?? 0)
        }
        defer { if let owner { inFlight[owner, default: 1] -= 1 } }
        if let gate = faults.refreshGate(sessions[owner ?? 0]?.did ?? "") { await gate.pass() }
        if let failure = faults.beforeRotation.first {
            faults.beforeRotation.removeFirst()
            return try failure.get()
        }
        let body: [String: Any]
        do {
            body = try refresh(token, form, sender)
        } catch {
            return refuse(error)
        }
        if let failure = faults.afterRotation.first {
            faults.afterRotation.removeFirst()
            return try failure.get()
        }
        return json(body)
    }

    private func refresh(_ token: String, _ form: [String: String], _ sender: Sender) throws(Refused) -> [String: Any] {
        guard let id = session(of: token), let session = sessions[id] else { throw Refused("invalid_grant") }
        guard session.refreshToken == token else {
            replays += 1
            sessions[id] = nil
            throw Refused("invalid_grant")
        }
        guard session.sender == sender, session.client == form["client_id"] else {
            sessions[id] = nil
            throw Refused("invalid_grant")
        }
        refreshes[session.did, default: 0] += 1
        return rotate(id)
    }

    private func exchange(_ form: [String: String], _ sender: Sender) throws(Refused) -> [String: Any] {
        guard let code = form["code"], let granted = codes.removeValue(forKey: code) else { throw Refused("invalid_grant") }
        let verifier = Base64URL.encode(Data(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8))))
        guard granted.request.challenge == verifier, granted.request.sender == sender, granted.request.client == form["client_id"],
            granted.request.redirect == form["redirect_uri"]
        else { throw Refused("invalid_grant") }
        counter += 1
        sessions[counter] = ServerSession(
            did: granted.did, client: granted.request.client, sender: sender, refreshToken: "", accessToken: "")
        return rotate(counter)
    }

    private func rotate(_ id: Int) -> [String: Any] {
        guard var session = sessions[id] else { return [:] }
        counter += 1
        if !session.refreshToken.isEmpty { session.used.insert(session.refreshToken) }
        session.refreshToken = "refresh-\(counter)"
        session.accessToken = "access-\(counter)"
        sessions[id] = session
        var body: [String: Any] = [
            "access_token": session.accessToken, "refresh_token": session.refreshToken, "token_type": "DPoP", "scope": "atproto",
            "sub": session.did, "expires_in": faults.accessLifetime,
        ]
        for (name, value) in faults.tokenChanges { body[name] = value }
        return body
    }

    // MARK: - The browser

    /// What the person's browser does with the address of the consent page: signs in and comes back.
    func consent(_ url: String, as did: String) -> (state: String, code: String)? {
        guard url.hasPrefix(Self.issuer + "/authorize?"), let parts = URLComponents(string: url),
            let uri = parts.queryItems?.first(where: { $0.name == "request_uri" })?.value, let request = pushed.removeValue(forKey: uri),
            parts.queryItems?.first(where: { $0.name == "client_id" })?.value == request.client
        else { return nil }
        counter += 1
        codes["code-\(counter)"] = GrantedCode(request: request, did: did)
        return (request.state, "code-\(counter)")
    }

    /// Ends a session, as its owner can at the server.
    func end(_ id: Int) {
        sessions[id] = nil
    }

    /// The session of a refresh token, current or used.
    func session(of refreshToken: String) -> Int? {
        sessions.first { $0.value.refreshToken == refreshToken || $0.value.used.contains(refreshToken) }?.key
    }

    /// Makes all sessions such as the public client opened them.
    func makePublic() {
        for (id, session) in sessions {
            sessions[id] = ServerSession(
                did: session.did, client: "https://irc.example.org/client-metadata.json",
                sender: Sender(thumbprint: session.sender.thumbprint, clientKey: nil), refreshToken: session.refreshToken,
                accessToken: session.accessToken, used: session.used)
        }
    }

    // MARK: - Proofs and answers

    struct Refused: Error {
        let error: String
        var status = 400

        init(_ error: String, status: Int = 400) {
            (self.error, self.status) = (error, status)
        }
    }

    private func answer(
        _ request: FetchRequest, _ body: ([String: String], Sender) throws(Refused) -> [String: Any]
    ) async -> FetchResponse {
        do {
            return json(try body(request.form, try await prove(request)))
        } catch {
            return refuse(error)
        }
    }

    private func prove(_ request: FetchRequest) async throws(Refused) -> Sender {
        guard let proof = Proof(request), proof.method == request.method, proof.url == request.url, proof.accessTokenHash == nil,
            proof.issuedAt == clock.wallMilliseconds / 1000, identifiers.insert(proof.identifier).inserted
        else { throw Refused("invalid_dpop_proof", status: 401) }
        guard proof.nonce == nonce else { throw Refused("use_dpop_nonce") }
        return Sender(thumbprint: proof.thumbprint, clientKey: try await authenticate(request.form))
    }

    /// The key that the client showed. The public client shows none.
    private func authenticate(_ form: [String: String]) async throws(Refused) -> String? {
        guard form["client_id"] == "https://irc.example.org/oauth-client-metadata.json" else {
            guard form["client_id"] == "https://irc.example.org/client-metadata.json", form["client_assertion"] == nil else {
                throw Refused("invalid_client")
            }
            return nil
        }
        do {
            let assertion = try PeerAssertion(form["client_assertion"] ?? "")
            try assertion.check(client: form["client_id"] ?? "", issuer: Self.issuer, now: clock.wallMilliseconds)
            guard let kid = assertion.header.kid, let key = try await publishedKey(kid), assertion.isSigned(by: key) else {
                throw Refused("invalid_client")
            }
            guard identifiers.insert(assertion.claims.jti).inserted else { throw Refused("invalid_grant") }
            return kid
        } catch {
            throw error as? Refused ?? Refused("invalid_client")
        }
    }

    private func publishedKey(_ kid: String) async throws -> P256.Signing.PublicKey? {
        let set = try await clientKeys().map { try JSONSerialization.jsonObject(with: $0) } as? [String: [[String: String]]]
        guard let key = set?["keys"]?.first(where: { $0["kid"] == kid }), let x = Base64URL.decode(key["x"] ?? ""),
            let y = Base64URL.decode(key["y"] ?? "")
        else { return nil }
        return try P256.Signing.PublicKey(rawRepresentation: x + y)
    }

    /// From now on only another nonce will do.
    func rotateNonce() {
        counter += 1
        nonce = "nonce-\(counter)"
    }

    private func refuse(_ refused: Refused) -> FetchResponse {
        json(["error": refused.error], status: refused.status)
    }

    private func json(_ body: [String: Any], status: Int = 200) -> FetchResponse {
        FetchResponse(
            status: status, headers: FetchHeaders([("Content-Type", "application/json"), ("DPoP-Nonce", nonce)]),
            body: (try? JSONSerialization.data(withJSONObject: body)) ?? Data(), finalURL: "")
    }

    nonisolated static func metadata(issuer: String) -> [String: Any] {
        [
            "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
            "pushed_authorization_request_endpoint": issuer + "/par", "revocation_endpoint": issuer + "/revoke",
            "require_pushed_authorization_requests": true, "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"], "dpop_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["atproto"], "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true,
        ]
    }
}

/// What a session is bound to.
struct Sender: Hashable {
    /// Of the DPoP key.
    let thumbprint: String
    /// The name of the client's key.
    let clientKey: String?
}

struct ServerSession {
    let did: String
    let client: String
    let sender: Sender
    var refreshToken: String
    var accessToken: String
    var used: Set<String> = []
}

struct PushedRequest {
    let state: String
    let challenge: String
    let redirect: String
    let client: String
    let sender: Sender
    let hint: String
}

struct GrantedCode {
    let request: PushedRequest
    let did: String
}
