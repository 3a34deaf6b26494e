import Foundation
package import MainLoop

/// The OAuth client of the daemon: every request to an authorization server goes through here, with its DPoP proof.
/// Stateless but for nonces and discovered servers; sessions belong to the caller.
@LoopActor
package final class OAuthClient {
    /// Who the client is.
    package nonisolated let identity: ClientIdentity
    private let discovery: ServerDiscovery
    private let nonces: DPoPNonces
    private let fetcher: any Fetching
    private let clock: any LoopClock

    /// - Parameter allowsHTTP: accept `http` endpoints, for development on one machine only.
    package init(identity: ClientIdentity, fetcher: any Fetching, clock: any LoopClock, allowsHTTP: Bool) {
        self.identity = identity
        self.fetcher = fetcher
        self.clock = clock
        discovery = ServerDiscovery(fetcher: fetcher, clock: clock, allowsHTTP: allowsHTTP)
        nonces = DPoPNonces()
    }

    /// The authorization server of `pds`; see ``ServerDiscovery/server(of:fresh:)``.
    package func server(of pds: Origin, fresh: Bool) async throws(OAuthError) -> AuthorizationServer {
        try await discovery.server(of: pds, fresh: fresh)
    }

    /// Posts a form with the proofs of client and session. When the server asks for a nonce and names one, the request
    /// is sent exactly once more, with new proofs (RFC 9449, 8).
    ///
    /// - Parameter issuer: whose endpoint `url` is.
    func post(
        _ url: String, of issuer: String, _ form: [(String, String)], as client: ClientCredential, key: DPoPKey
    ) async throws(OAuthError) -> OAuthAnswer {
        let (answer, nonce) = try await send(url, of: issuer, form, as: client, key: key)
        guard answer.error == "use_dpop_nonce", nonce != nil else { return answer }
        return try await send(url, of: issuer, form, as: client, key: key).answer
    }

    private func send(
        _ url: String, of issuer: String, _ form: [(String, String)], as client: ClientCredential, key: DPoPKey
    ) async throws(OAuthError) -> (answer: OAuthAnswer, nonce: String?) {
        let origin = Origin(of: url)?.text ?? url
        let now = clock.wallMilliseconds
        let proof: String
        let body: [(String, String)]
        do {
            proof = try key.proof(method: "POST", url: url, nonce: nonces.nonce(for: origin), now: now)
            body = try client.authentication(at: issuer, now: now) + form
        } catch {
            throw .signing
        }
        let response: FetchResponse
        do {
            response = try await fetcher.fetch(
                FetchRequest(
                    method: "POST", url: url,
                    headers: [("Content-Type", FormBody.contentType), ("Accept", "application/json"), ("DPoP", proof)],
                    body: FormBody.encode(body), limits: .oauth))
        } catch {
            throw .network(error)
        }
        let nonce = response.headers["dpop-nonce"]
        if let nonce { nonces.store(nonce, for: origin) }
        let answer = OAuthAnswer(
            status: response.status, body: response.body, retryAfter: response.headers["retry-after"], now: clock.wallMilliseconds)
        return (answer, nonce)
    }
}
