import Foundation
import MainLoop

@testable import ATProto

/// Answers requests from a script and keeps what was asked.
@LoopActor
final class ScriptedFetcher: Fetching {
    typealias Answer = Result<FetchResponse, FetchError>

    private(set) var requests: [FetchRequest] = []
    private var script: [Answer]
    private var waiting: CheckedContinuation<Void, Never>?
    private var watcher: CheckedContinuation<Void, Never>?
    private var holds = false

    init(_ script: [Answer]) {
        self.script = script
    }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request)
        if holds {
            await withCheckedContinuation {
                waiting = $0
                watcher?.resume()
                watcher = nil
            }
        }
        guard !script.isEmpty else { throw .timeout }
        return try script.removeFirst().get()
    }

    /// Holds the next requests until ``release()``.
    func hold() {
        holds = true
    }

    /// Returns once a request is held.
    func held() async {
        if waiting == nil { await withCheckedContinuation { watcher = $0 } }
    }

    func release() {
        holds = false
        waiting?.resume()
        waiting = nil
    }
}

extension FetchResponse {
    static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> FetchResponse {
        FetchResponse(
            status: status, headers: FetchHeaders([("Content-Type", "application/json")] + headers), body: Data(text.utf8),
            finalURL: "https://as.example/")
    }
}

extension FetchRequest {
    /// The form of the body.
    var form: [String: String] {
        let text = String(decoding: body ?? Data(), as: UTF8.self)
        let pairs = text.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" } }
        return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { _, second in second }
    }

    func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }
}

/// A DPoP proof taken apart.
struct ProofParts: Decodable {
    struct Header: Decodable {
        struct JWK: Decodable, Equatable {
            let kty: String
            let crv: String
            let x: String
            let y: String
        }
        let typ: String
        let alg: String
        let jwk: JWK
    }

    struct Claims: Decodable {
        let jti: String
        let htm: String
        let htu: String
        let iat: Int64
        let nonce: String?
        let ath: String?
    }

    let header: Header
    let claims: Claims
    let signed: Data
    let signature: Data

    init(_ proof: String) throws {
        let parts = proof.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let decoder = JSONDecoder()
        header = try decoder.decode(Header.self, from: Base64URL.decode(parts[0]) ?? Data())
        claims = try decoder.decode(Claims.self, from: Base64URL.decode(parts[1]) ?? Data())
        signature = Base64URL.decode(parts[2]) ?? Data()
        signed = Data((parts[0] + "." + parts[1]).utf8)
    }
}
