extension PeerState {
    /// `GET /oauth/authorize`: signs the user in without asking and sends the browser back.
    ///
    /// - Parameter changes: parameters of the redirect that a fault replaces, or removes with nil.
    mutating func authorize(_ request: PeerRequest, changes: [String: String?]) -> PeerResponse {
        guard let query = PeerText.form(request.query ?? ""), Set(query.keys) == ["client_id", "request_uri"] else {
            return .text("The browser must come with client_id and request_uri, nothing else", status: 400)
        }
        let uri = query["request_uri"] ?? ""
        guard let pushedRequest = pushed[uri], pushedRequest.clientID == query["client_id"], pushedRequest.expiresAt > now else {
            return .text("This request is unknown or too old", status: 400)
        }
        var parameters: [String: String?] = ["iss": origins.issuer, "state": pushedRequest.state]
        switch options.approval {
        case .denied:
            parameters["error"] = "access_denied"
            parameters["error_description"] = "The user refused"
        case .hinted, .account:
            guard let account = signedIn(hint: pushedRequest.loginHint) else {
                return .text("Nobody with this name has an account here", status: 400)
            }
            let code = PeerText.secret("cod-")
            codes[code] = PeerCode(request: pushedRequest, did: account.did, expiresAt: now + 300_000)
            parameters["code"] = code
        }
        pushed[uri] = nil
        for (name, value) in changes { parameters.updateValue(value, forKey: name) }
        let pairs = parameters.sorted { $0.key < $1.key }.compactMap { name, value in
            value.map { name + "=" + PeerText.percentEncoded($0) }
        }
        let separator = pushedRequest.redirectURI.contains("?") ? "&" : "?"
        return .redirect(to: pushedRequest.redirectURI + separator + pairs.joined(separator: "&"), status: 303)
    }

    private func signedIn(hint: String?) -> PeerAccount? {
        if case .account(let did) = options.approval { return accounts[did] }
        return hint.flatMap { accounts.named($0) }
    }
}
