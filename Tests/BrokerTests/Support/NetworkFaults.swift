import ATProto
import Foundation
import MainLoop

/// What goes wrong in the network of a test.
@LoopActor
struct NetworkFaults {
    /// Nothing gets through.
    var failure: FetchError?
    /// The issuer the PDS names, instead of the right one.
    var namedIssuer: String?
    /// Members of token answers that are replaced, or removed with nil.
    var tokenChanges: [String: Any?] = [:]
    /// `expires_in`, seconds.
    var accessLifetime = 900
    /// What the next requests to an endpoint get instead of being looked at.
    var answers: [NetworkEndpoint: [Result<FetchResponse, FetchError>]] = [:]
    /// What the next refreshes get instead of being looked at.
    var beforeRotation: [Result<FetchResponse, FetchError>] = []
    /// What the next refreshes get instead of the tokens that were made for them.
    var afterRotation: [Result<FetchResponse, FetchError>] = []
    /// Holds refreshes of an account; `nil` holds all.
    var gates: [String?: Gate] = [:]

    func refreshGate(_ did: String) -> Gate? { gates[did] ?? gates[nil] }
}

/// What a request asks for.
enum NetworkEndpoint: Hashable, CaseIterable {
    case resourceMetadata, serverMetadata, push, code, refresh, revoke

    init?(_ request: FetchRequest) {
        switch request.url.split(separator: "/").last ?? "" {
        case "oauth-protected-resource": self = .resourceMetadata
        case "oauth-authorization-server": self = .serverMetadata
        case "par": self = .push
        case "revoke": self = .revoke
        case "token": self = request.form["grant_type"] == "refresh_token" ? .refresh : .code
        default: return nil
        }
    }
}

extension FetchResponse {
    static func status(_ status: Int, _ body: String = "", headers: [(String, String)] = []) -> FetchResponse {
        FetchResponse(status: status, headers: FetchHeaders(headers), body: Data(body.utf8), finalURL: "")
    }
}

/// Holds those who come until it is opened.
@LoopActor
final class Gate {
    private var isOpen = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private(set) var arrivals = 0

    func pass() async {
        arrivals += 1
        for watcher in watchers where watcher.count <= arrivals { watcher.continuation.resume() }
        watchers.removeAll { $0.count <= arrivals }
        if !isOpen { await withCheckedContinuation { held.append($0) } }
    }

    /// Returns once `count` have come.
    func arrived(_ count: Int = 1) async {
        if arrivals < count { await withCheckedContinuation { watchers.append((count, $0)) } }
    }

    func open() {
        isOpen = true
        for continuation in held { continuation.resume() }
        held = []
    }
}
