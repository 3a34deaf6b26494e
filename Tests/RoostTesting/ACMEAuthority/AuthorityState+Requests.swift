import Foundation

extension AuthorityState {
    /// The answer; nil: there is none.
    mutating func respond(to request: AuthorityRequest) -> AuthorityReply? {
        guard let (endpoint, index) = route(request.path) else { return AuthorityReply(status: 404) }
        records.requests[endpoint, default: 0] += 1
        if options.isClosed { return AuthorityReply(status: 503) }
        if request.userAgent == nil { records.violations.append("\(request.path): no User-Agent") }
        let fault = faults.firstIndex { $0.endpoint == endpoint }.map { faults.remove(at: $0).kind }
        switch fault {
        case .lostRequest: return nil
        case .badNonce: return problem(AuthorityRefusal(400, "badNonce", "this one is not liked"))
        case .refusal(let status, let type, let retryAfter):
            var reply = problem(AuthorityRefusal(status, type, "as the test wants it"))
            if let retryAfter { reply.headers.append(("Retry-After", "\(retryAfter)")) }
            return reply
        case .lostAnswer, .body, nil: break
        }
        var reply: AuthorityReply
        do throws(AuthorityRefusal) {
            reply = try serve(request, endpoint, index)
        } catch {
            // The fault of the client, in these; the others are part of the game.
            if ["malformed", "unauthorized", "accountDoesNotExist", "orderNotReady"].contains(error.type) {
                records.violations.append("\(endpoint): \(error.detail)")
            }
            reply = problem(error)
        }
        if request.method != "GET", !reply.headers.contains(where: { $0.0 == "Replay-Nonce" }) {
            reply.headers.append(("Replay-Nonce", makeNonce()))
        }
        if case .lostAnswer = fault { return nil }
        if case .body(let text) = fault { reply.body = Data(text.utf8) }
        return reply
    }

    private func route(_ path: String) -> (ACMEEndpoint, Int)? {
        let parts = path.split(separator: "/").map(String.init)
        let number = parts.dropFirst().first.flatMap { Int($0) } ?? 0
        switch parts.first {
        case "directory": return (.directory, 0)
        case "nonce": return (.nonce, 0)
        case "new-account": return (.newAccount, 0)
        case "account": return (.account, number)
        case "new-order": return (.newOrder, 0)
        case "order": return (parts.last == "finalize" ? .finalize : .order, number)
        case "authorization": return (.authorization, number)
        case "challenge": return (.challenge, number)
        case "certificate": return (.certificate, number)
        case "renewal-info": return (.renewalInfo, 0)
        default: return nil
        }
    }

    private mutating func problem(_ refusal: AuthorityRefusal) -> AuthorityReply {
        var reply = json(["type": "urn:ietf:params:acme:error:\(refusal.type)", "detail": refusal.detail], status: refusal.status)
        reply.headers.append(("Replay-Nonce", makeNonce()))
        return reply
    }

    func json(_ value: [String: Any], status: Int = 200, _ headers: [(String, String)] = []) -> AuthorityReply {
        let body = try? JSONSerialization.data(withJSONObject: value)
        return AuthorityReply(status: status, headers: [("Content-Type", "application/json")] + headers, body: body ?? Data())
    }

    private mutating func serve(
        _ request: AuthorityRequest, _ endpoint: ACMEEndpoint, _ index: Int
    ) throws(AuthorityRefusal) -> AuthorityReply {
        switch endpoint {
        case .directory: return directory
        case .nonce: return AuthorityReply(status: 200)
        case .renewalInfo: return try renewalInfo(request)
        default: break
        }
        let message = try read(request, isNew: endpoint == .newAccount)
        switch endpoint {
        case .newAccount: return try newAccount(message)
        case .account: return try updateAccount(message, index)
        case .newOrder: return try newOrder(message)
        case .order: return try order(message, index)
        case .authorization: return try authorization(message, index)
        case .challenge: return try challenge(message, index, type: request.path.split(separator: "/").last.map(String.init) ?? "")
        case .finalize: return try finalize(message, index)
        case .certificate: return try certificate(message, index)
        case .directory, .nonce, .renewalInfo: return AuthorityReply(status: 404)
        }
    }

    private var directory: AuthorityReply {
        var value: [String: Any] = [
            "newNonce": origin + "/nonce", "newAccount": origin + "/new-account", "newOrder": origin + "/new-order",
            "meta": ["termsOfService": origin + "/terms", "externalAccountRequired": options.externalAccount != nil],
        ]
        if options.tellsRenewal { value["renewalInfo"] = origin + "/renewal-info" }
        return json(value)
    }

    private func renewalInfo(_ request: AuthorityRequest) throws(AuthorityRefusal) -> AuthorityReply {
        let id = request.path.split(separator: "/").last.map(String.init) ?? ""
        guard renewalIDs.contains(id), let (start, end) = renewalWindow else { throw AuthorityRefusal(404, "other", "unknown") }
        return json(
            ["suggestedWindow": ["start": start.formatted(.iso8601), "end": end.formatted(.iso8601)]], [("Retry-After", "21600")])
    }
}
