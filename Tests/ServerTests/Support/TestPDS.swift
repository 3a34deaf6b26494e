import ATProto
import Foundation
import MainLoop

/// Everybody's PDS, at any address: it knows access tokens, and may want a nonce in proofs.
final class TestPDS: Fetching {
    /// Whose the access tokens are.
    @LoopActor var tokens: [String: DID] = [:]
    /// With what a proof has to end; nil: it is not looked at.
    @LoopActor var nonce: String?
    /// Whether it wants another nonce each time.
    @LoopActor var isNeverContent = false
    @LoopActor private(set) var requests: [FetchRequest] = []

    @LoopActor init() {}

    @LoopActor func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request)
        guard request.url.hasSuffix("/xrpc/com.atproto.server.getSession") else { throw .unreachable(reason: "a test") }
        let headers = FetchHeaders(request.headers)
        if let proof = headers["DPoP"], let nonce, isNeverContent || !proof.hasSuffix(nonce) {
            if isNeverContent { self.nonce = nonce + "x" }
            return answer(401, #"{"error":"use_dpop_nonce"}"#, [("DPoP-Nonce", nonce)], to: request)
        }
        let token = (headers["Authorization"] ?? "").split(separator: " ").last.map(String.init) ?? ""
        guard let did = tokens[token] else { return answer(401, #"{"error":"InvalidToken"}"#, to: request) }
        return answer(200, #"{"did":"\#(did)","active":true}"#, to: request)
    }

    private func answer(_ status: Int, _ body: String, _ headers: [(String, String)] = [], to request: FetchRequest) -> FetchResponse {
        FetchResponse(status: status, headers: FetchHeaders(headers), body: Data(body.utf8), finalURL: request.url)
    }
}
