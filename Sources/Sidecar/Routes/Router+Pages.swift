import Logging
import MainLoop
import NIOCore
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

    /// `GET /`: the web client, for a person who came here with a browser.
    func front(_ request: HTTPRequest) -> HTTPResponse {
        guard configuration.hasWebClient else { return welcome() }
        return ClientFiles.all.page(network: configuration.network, socketOrigin: socketOrigin, takesGzip: request.takesGzip)
    }

    /// `GET /client/…`: a file of the web client.
    func clientFile(_ request: HTTPRequest) -> HTTPResponse {
        guard configuration.hasWebClient else { return .text(.notFound, "Nothing is here") }
        let file = ClientFiles.all.file(request.target.path, network: configuration.network, takesGzip: request.takesGzip)
        return file ?? .text(.notFound, "Nothing is here")
    }

    /// `POST /client/report`: what a browser kept the web client from doing (CSP). There should be nothing.
    func policyReport(_ request: HTTPRequest) -> HTTPResponse {
        if let caller = countedKey(of: request) {
            if let wait = reports.wait(for: caller, at: clock.uptime) { return .tooMany("Too many reports from your address", wait: wait) }
            reports.count(caller, at: clock.uptime)
        }
        let text = String(buffer: request.body).prefix(1000).filter { !$0.isNewline }
        logger.warning("web.policy_violated", metadata: ["report": "\(text)"])
        return HTTPResponse(.noContent)
    }

    private var socketOrigin: String { configuration.publicOrigin.replacing(/^http/, with: "ws", maxReplacements: 1) }

    /// `GET /about`: how to connect with other clients.
    func welcome() -> HTTPResponse {
        let socket = socketOrigin + Router.webSocketPath
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
