import Broker
import MainLoop
import NIOCore
import NIOHTTP1

extension Router {
    /// `GET /client-metadata.json`.
    func clientMetadata() -> HTTPResponse {
        var response = HTTPResponse(.ok, type: "application/json", body: ByteBuffer(bytes: broker.clientMetadata))
        response.headers.replaceOrAdd(name: "Cache-Control", value: "public, max-age=300")
        return response
    }

    /// `GET /.well-known/did.json`: who this server is to other servers (AT Protocol "DID").
    func didDocument() -> HTTPResponse {
        guard let document = configuration.didDocument else { return .text(.notFound, "This server has no DID") }
        var response = HTTPResponse(.ok, type: "application/json", body: ByteBuffer(bytes: document))
        response.headers.replaceOrAdd(name: "Cache-Control", value: "public, max-age=300")
        return response
    }

    /// `GET /auth/login`: sends the browser to the authorization server.
    func beginLogin(_ request: HTTPRequest) async -> HTTPResponse {
        let target = request.target
        let handle = (target.item("handle") ?? "")[...].trimmingSpaces
        guard !handle.isEmpty else { return .text(.badRequest, "handle is missing; add ?handle=your.handle") }
        if let caller = countedKey(of: request) {
            if let wait = logins.wait(for: caller, at: clock.uptime) {
                return .tooMany("Too many sign-ins from your address", wait: wait)
            }
            logins.count(caller, at: clock.uptime)
        }
        do {
            let start = try await broker.beginLogin(
                LoginRequest(
                    handle: String(handle), mobile: target.flag("mobile"), popup: target.flag("popup"), returnTo: target.item("return_to"),
                    referer: request.headers.first(name: "Referer")))
            return .redirect(307, to: start.authorizationURL)
        } catch {
            return .broker(error)
        }
    }

    /// `GET /auth/callback`: the browser comes back from there.
    func finishLogin(_ request: HTTPRequest) async -> HTTPResponse {
        let target = request.target
        let outcome = await broker.finishLogin(
            LoginCallback(
                state: target.item("state"), code: target.item("code"), iss: target.item("iss"), error: target.item("error"),
                errorDescription: target.item("error_description")))
        switch outcome {
        case .redirect(let status, let location):
            return .redirect(status, to: location)
        case .page(let status, let title, let message):
            return HTMLPage(title: title, parts: [.paragraph(message)]).response(HTTPResponseStatus(statusCode: status))
        }
    }
}

extension HTTPResponse {
    /// 429: the caller may come again after `wait`.
    static func tooMany(_ message: String, wait: Duration) -> HTTPResponse {
        .text(.tooManyRequests, message, retryAfter: Int(wait.components.seconds) + 1)
    }

    /// What a client of the broker is told: the status is what it acts on.
    static func broker(_ error: BrokerError) -> HTTPResponse {
        .text(HTTPResponseStatus(statusCode: error.status), error.message, retryAfter: error.retryAfter)
    }
}
