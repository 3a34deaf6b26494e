import NIOHTTP1

extension Router {
    private struct Health: Encodable {
        let status = "ok"
        let version: String
        let network: String
    }

    /// `GET /health`: that the process answers at all, for clients and monitoring.
    func health() throws -> HTTPResponse {
        try .json(Health(version: configuration.version, network: configuration.network))
    }

    /// `GET /`: for a person who came here with a browser.
    func welcome() -> HTTPResponse {
        let socket = configuration.publicOrigin.replacing(/^http/, with: "ws", maxReplacements: 1) + Router.webSocketPath
        return HTMLPage(
            title: configuration.network,
            parts: [
                .paragraph("This is \(configuration.serverName), an IRC server. Connect with any IRC client:"),
                .list(configuration.addresses + ["WebSocket: " + socket]),
                .paragraph("Sign in with your AT Protocol (Bluesky) account from a client that supports it, or chat as a guest."),
                .paragraph("Any other client can sign in with a password of its own, which you make with that account here:"),
                .link("Your account", path: AccountPage.path),
            ]
        ).response(.ok)
    }

    /// `GET /irc` that did not become a WebSocket: says why.
    func webSocketRefusal(_ request: HTTPRequest) -> HTTPResponse {
        guard origins.mayAct(request.origin, host: request.host) else { return .text(.forbidden, "Origin not allowed") }
        var response = HTTPResponse.text(.upgradeRequired, "IRC over WebSocket (version 13) is here; connect with an IRC client")
        response.headers.add(name: "Upgrade", value: "websocket")
        response.headers.add(name: "Connection", value: "Upgrade")
        response.headers.add(name: "Sec-WebSocket-Version", value: "13")
        return response
    }
}
