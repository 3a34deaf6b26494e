import Foundation

extension PeerState {
    /// What a request asks for, by listener and path.
    func endpoint(of request: PeerRequest) -> PeerEndpoint {
        let hosts: Set<PeerRole> =
            options.separateAuthorizationServer ? [request.listener] : [.authorizationServer, .resourceServer]
        if hosts.contains(.authorizationServer) {
            switch request.path {
            case "/.well-known/oauth-authorization-server": return .serverMetadata
            case "/oauth/par": return .par
            case "/oauth/authorize": return .authorize
            case "/oauth/revoke": return .revoke
            case "/oauth/token": return grant(request)
            default: break
            }
        }
        guard hosts.contains(.resourceServer) else { return .unknown }
        switch request.path {
        case "/.well-known/oauth-protected-resource": return .resourceMetadata
        case "/.well-known/did.json": return .didWeb
        case "/.well-known/atproto-did": return .handle
        case "/xrpc/com.atproto.server.getSession": return .getSession
        case "/xrpc/com.atproto.sync.getRepoStatus": return .repoStatus
        default: return request.path.lowercased().hasPrefix("/did") ? .plc : .unknown
        }
    }

    private func grant(_ request: PeerRequest) -> PeerEndpoint {
        switch request.formIfAny["grant_type"] {
        case "authorization_code": .codeGrant
        case "refresh_token": .refreshGrant
        default: .otherGrant
        }
    }

    /// The session a refresh is about, also when the token was used before.
    func refreshedSession(_ request: PeerRequest) -> PeerSession? {
        request.formIfAny["refresh_token"].flatMap { sessions.session(refreshToken: $0) }
    }

    /// The account a request is about, as far as it tells.
    func account(of request: PeerRequest, endpoint: PeerEndpoint) -> String? {
        switch endpoint {
        case .refreshGrant: refreshedSession(request)?.did
        case .codeGrant: request.formIfAny["code"].flatMap { codes[$0]?.did }
        case .par: request.formIfAny["login_hint"].flatMap { accounts.named($0)?.did }
        case .authorize:
            PeerText.form(request.query ?? "")?["request_uri"].flatMap { pushed[$0]?.loginHint }.flatMap { accounts.named($0)?.did }
        case .plc: String(request.path.dropFirst()).removingPercentEncoding
        case .didWeb: (accounts.webAccount(host: request.host) ?? accounts.webAccount(host: request.hostName))?.did
        case .handle: accounts.named(request.hostName)?.did
        default: nil
        }
    }
}
