import Foundation

/// One request on its way through the peer: what it is, what shall go wrong, what it holds open.
struct PeerExchange: Sendable {
    let request: PeerRequest
    let sequence: Int
    let endpoint: PeerEndpoint
    let account: String?
    let refreshedSession: Int?
    let faults: [PeerFault.Action]

    /// The waits of a stage, in order.
    func waits(_ stage: PeerFault.Stage) -> [PeerFault.Action] {
        faults.filter {
            switch $0 {
            case .latency(_, let at), .hold(_, let at), .drop(let at): at == stage
            default: false
            }
        }
    }

    /// The answer that a fault gives instead of the work, or instead of its answer.
    func canned(_ stage: PeerFault.Stage) -> PeerResponse? {
        for fault in faults {
            switch fault {
            case .status(let status, let at, let headers, let body) where at == stage:
                return PeerResponse(status: status, headers: headers.map { ($0.key, $0.value) }, body: .init(body.utf8))
            case .oauthError(let error, let status) where stage == .before:
                return PeerOAuthFailure(status: status, error: error, description: "As the test wants it").response
            case .redirect(let location) where stage == .before:
                return .redirect(to: location, status: 302)
            default: break
            }
        }
        return nil
    }

    /// The changed parameters of a redirect to the client.
    var callbackChanges: [String: String?] {
        faults.reduce(into: [:]) { changes, fault in
            if case .callback(let more) = fault { changes.merge(more) { $1 } }
        }
    }

    /// The answer as the faults deform it.
    func deformed(_ response: PeerResponse) -> PeerResponse {
        var response = response
        for fault in faults {
            switch fault {
            case .patch(let patch):
                if let value = try? PeerJSON(parsing: response.body) { response.body = value.merged(with: patch).data }
            case .oversize(let bytes):
                response.body.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, bytes - response.body.count)))
            case .truncate(let bytes): response.cut = bytes
            case .slowBody(let duration): response.spread = duration
            case .contentType(let type): response.set("Content-Type", type)
            case .body(let text): response.body = .init(text.utf8)
            default: break
            }
        }
        return response
    }
}

extension PeerState {
    /// Takes a request in: finds what it is about and the faults that hit it, and starts counting.
    mutating func begin(_ request: PeerRequest) -> PeerExchange {
        let endpoint = endpoint(of: request)
        let account = account(of: request, endpoint: endpoint)
        let session = endpoint == .refreshGrant ? refreshedSession(request)?.id : nil
        let exchange = PeerExchange(
            request: request, sequence: records.begin(request, endpoint: endpoint, account: account), endpoint: endpoint,
            account: account, refreshedSession: session, faults: faults.take(endpoint: endpoint, account: account))
        if !exchange.faults.isEmpty { records.note(exchange.sequence) { $0.wasFaulted = true } }
        if endpoint == .refreshGrant { records.enterRefresh(session: session, account: account) }
        return exchange
    }

    /// What a piece of work came to.
    enum Outcome {
        case answer(PeerResponse)
        case rotation(PeerRotation)
    }

    /// Does the work of an endpoint; a refresh only up to its middle.
    mutating func work(_ exchange: PeerExchange) -> Outcome {
        for fault in exchange.faults {
            if case .rotateNonces = fault { forgetNonces() }
            if case .revokeSession = fault, let session = exchange.refreshedSession { sessions.delete(session) }
        }
        let request = exchange.request
        if let method = exchange.endpoint.method, method != request.method {
            return .answer(.text("Method not allowed", status: 405))
        }
        do throws(PeerOAuthFailure) {
            switch exchange.endpoint {
            case .par: return .answer(try push(request, sequence: exchange.sequence))
            case .authorize: return .answer(authorize(request, changes: exchange.callbackChanges))
            case .codeGrant: return .answer(try exchangeCode(request, sequence: exchange.sequence))
            case .refreshGrant: return .rotation(try beginRefresh(request, sequence: exchange.sequence))
            case .otherGrant: throw .invalidGrant("grant_type is missing or unknown")
            case .revoke: return .answer(try revoke(request, sequence: exchange.sequence))
            case .getSession: return .answer(try getSession(request, sequence: exchange.sequence))
            case .resourceMetadata: return .answer(resourceMetadata())
            case .serverMetadata: return .answer(serverMetadata())
            case .plc: return .answer(plcDocument(request.path))
            case .didWeb: return .answer(webDocument(request))
            case .handle: return .answer(handleDocument(request))
            case .repoStatus: return .answer(repoStatus(request))
            case .unknown: return .answer(.json(["error": "NotFound", "message": "No such page"], status: 404))
            }
        } catch {
            return .answer(error.response)
        }
    }

    /// Lets an answer out: puts the nonce on it, stops counting. `nil` stands for a reset connection.
    mutating func end(_ exchange: PeerExchange, _ response: PeerResponse?) -> PeerResponse? {
        if exchange.endpoint == .refreshGrant {
            records.leaveRefresh(session: exchange.refreshedSession, account: exchange.account)
        }
        records.note(exchange.sequence) {
            $0.status = response?.status ?? 0
            $0.error = response?.error
        }
        guard var response else { return nil }
        let isWithheld = exchange.faults.contains { if case .withholdNonce = $0 { true } else { false } }
        if let role = exchange.endpoint.role, !isWithheld { response.set("DPoP-Nonce", nonce(of: role)) }
        return response
    }
}
