import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Broker

/// The same table against a second, independent peer, where there is one beside the checkout.
@LoopActor
@Suite(.enabled(if: SecondPeer.isThere)) struct SecondPeerFaultTests {
    /// Where it is another than ours: garbage is all it does.
    private static let others: Set = [
        "| login | token (code) | garbage | 502 | none | 0 | 307 | 6 |",
        "| session | token (refresh) | garbage | 503 | live, outcome open | 1 | 200 | 4 |",
        "| revocation | revoke | garbage | 307 | live | 2 | 200 | 1 |",
    ]

    /// One peer for all rows: it takes a while to start.
    @Test(.timeLimit(.minutes(10))) func everyRowIsTrue() async throws {
        try await withTestDirectory { directory in
            let files = ["/oauth-client-metadata.json", "/oauth-client-keys.json"].flatMap {
                ["--client-file", FaultOutcome.publicURL + $0 + "=" + directory.path + $0]
            }
            let peer = try await SecondPeer.start(["--access-ttl", "0.3", "--client-cache-ttl", "0"] + files, seconds: 600)
            try await withTestProcess(peer.process) { _ in
                for fault in FaultCase.all { try await check(fault, peer, directory) }
            }
        }
    }

    private func check(_ fault: FaultCase, _ peer: SecondPeer, _ directory: URL) async throws {
        let house = try PeerHouse(
            plc: peer.plc, nameServer: peer.dns, limits: FaultOutcome.limits, at: FaultOutcome.publicURL,
            patience: fault.isTooSlow ? .seconds(2) : nil)
        try await house.broker.start()
        for (path, document) in try await house.documents() { try document?.write(to: directory.appendingPathComponent(path)) }
        let control = ControlledPeer(peer: peer, fetcher: house.fetcher)
        try await control.begin()
        do {
            var outcome = try await FaultOutcome(of: fault, house, control)
            // It counts a request when it has answered it.
            if fault.isTooSlow { outcome.requests += 1 }
            let row = outcome.row(of: fault)
            #expect(FaultOutcome.table.contains(row) || Self.others.contains(row), "the second peer: \(row)")
        } catch {
            Issue.record(error, "\(fault.testDescription)")
        }
        await house.fetcher.shutdown()
    }
}

/// The second peer through its control interface.
private struct ControlledPeer: FaultyPeer {
    let peer: SecondPeer
    let fetcher: HardenedFetcher

    private func control(_ path: String, _ body: [String: Any]? = nil) async throws -> [String: Any] {
        let answer = try await fetcher.fetch(
            FetchRequest(
                method: body == nil ? "GET" : "POST", url: peer.controlOrigin + path, headers: [("Content-Type", "application/json")],
                body: try body.map { try JSONSerialization.data(withJSONObject: $0) }, limits: .oauth))
        #expect(answer.status == 200, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
        return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
    }

    func begin() async throws {
        _ = try await control("/reset", ["what": ["stats", "faults", "sessions", "replay", "clients"]])
    }

    func cause(_ fault: FaultCase) async throws {
        var rule = fault.rule
        rule["match"] = fault.match
        rule["after"] = fault.skip
        _ = try await control("/faults", rule)
    }

    func calm() async throws { _ = try await control("/reset", ["what": ["faults"]]) }

    func forgetRequests() async throws { _ = try await control("/reset", ["what": ["stats"]]) }

    func sessions() async throws -> Int { try await control("/stats")["live_sessions"] as? Int ?? -1 }

    func requests(to endpoints: [PeerEndpoint]) async throws -> Int {
        let requests = try await control("/stats")["requests"] as? [String: Int] ?? [:]
        let kinds = Set(endpoints.compactMap { FaultCase.kinds[$0] })
        return requests.reduce(0) { kinds.contains(String($1.key.prefix { $0 != ":" })) ? $0 + $1.value : $0 }
    }
}

extension FaultCase {
    /// Endpoints by the second peer's names.
    fileprivate static let kinds: [PeerEndpoint: String] = [
        .plc: "plc", .resourceMetadata: "rs_metadata", .serverMetadata: "as_metadata", .par: "par", .codeGrant: "token",
        .refreshGrant: "token", .revoke: "revoke", .authorize: "authorize",
    ]

    fileprivate var match: [String: String] {
        var match = ["endpoint": Self.kinds[endpoint] ?? ""]
        if endpoint == .codeGrant { match["grant_type"] = "authorization_code" }
        if endpoint == .refreshGrant { match["grant_type"] = "refresh_token" }
        return match
    }

    /// The fault in the second peer's words.
    fileprivate var rule: [String: Any] {
        switch action {
        case .latency(let time, _): ["action": "latency", "seconds": Double(time.components.seconds) + 0.05]
        case .status(let status, .after, _, _): ["action": "status_after", "status": status]
        case .status(let status, _, let headers, _): ["action": "status", "status": status, "headers": headers]
        case .oauthError(let code, _): ["action": "error", "error": code]
        case .drop(.before): ["action": "drop_before"]
        case .drop: ["action": "drop_after"]
        case .rotateNonces: ["action": "rotate_nonce"]
        case .withholdNonce: ["action": "no_nonce_header"]
        case .truncate(let bytes): ["action": "truncate", "bytes": bytes]
        case .slowBody: ["action": "slow_body", "seconds": 0.0001]
        case .body: ["action": "garbage"]
        case .oversize(let bytes): ["action": "oversize", "bytes": bytes]
        case .contentType(let type): ["action": "content_type", "value": type]
        case .redirect(let location): ["action": "redirect", "location": location]
        case .patch(let json): ["action": "patch", "json": (try? JSONSerialization.jsonObject(with: json.data)) ?? [:]]
        case .revokeSession: ["action": "revoke"]
        case .callback: ["action": "redirect_params", "params": ["iss": NSNull()]]
        default: [:]
        }
    }
}
