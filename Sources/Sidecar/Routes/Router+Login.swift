import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

extension Router {
    /// `GET /oauth-client-metadata.json` and `GET /client-metadata.json`.
    func clientDocument(_ document: Data) -> HTTPResponse {
        var response = HTTPResponse(.ok, type: "application/json", body: ByteBuffer(bytes: document))
        response.headers.replaceOrAdd(name: "Cache-Control", value: "public, max-age=300")
        return response
    }

    /// `GET /oauth-client-keys.json`: the public keys of the OAuth client.
    func clientKeys() async throws -> HTTPResponse {
        guard let keys = try await broker.clientKeys() else { return .text(.notFound, "The development client has no keys") }
        return clientDocument(keys)
    }

    /// `GET /.well-known/did.json`: who this server is to other servers (AT Protocol "DID").
    func didDocument() -> HTTPResponse {
        guard let document = configuration.didDocument else { return .text(.notFound, "This server has no DID") }
        return clientDocument(document)
    }

    /// `GET /auth/login`: sends the browser to the authorization server.
    func beginLogin(_ request: HTTPRequest) async -> HTTPResponse {
        let target = request.target
        let handle = (target.item("handle") ?? "")[...].trimmingSpaces
        guard !handle.isEmpty else { return refuseLogin(request, .badRequest("handle is missing; add ?handle=your.handle")) }
        // For a browser these are two hosts, and the cookie of one does not come back to the other.
        if configuration.publicOrigin.hasPrefix("http://127.0.0.1"), request.host?.hasPrefix("localhost") == true {
            return .redirect(307, to: configuration.publicOrigin + target.text)
        }
        if let wait = countLogin(request) {
            if target.flag("mobile") { return .redirect(303, to: LoginRefusal.appAddress("Too many sign-ins from your address")) }
            return .tooMany("Too many sign-ins from your address", wait: wait)
        }
        var login = LoginRequest(
            handle: String(handle), mobile: target.flag("mobile"), returnTo: target.item("return_to"),
            referer: request.headers.first(name: "Referer"))
        login.keepsCookie = target.item("keep") == "cookie"
        // Such a login replaces the one of the page: nobody else's page may lead a browser there.
        let comesFrom = request.headers.first(name: "Sec-Fetch-Site")
        if login.keepsCookie, let comesFrom, comesFrom != "same-origin", comesFrom != "none" {
            return refuseLogin(
                request, .refused("Another page wanted to sign you in here. Open \(configuration.publicOrigin) to do that yourself"))
        }
        do {
            return try await begin(login, request, status: 307)
        } catch {
            return refuseLogin(request, error)
        }
    }

    /// Says why no login begins: to an app in the redirect that it waits for, to a browser on a page.
    private func refuseLogin(_ request: HTTPRequest, _ error: BrokerError) -> HTTPResponse {
        if request.target.flag("mobile") { return .redirect(303, to: LoginRefusal.appAddress(error.message)) }
        guard request.takesHTML else { return .broker(error) }
        var response = HTMLPage(title: "Sign-in failed", parts: [.paragraph(error.message)])
            .response(HTTPResponseStatus(statusCode: error.status))
        if let seconds = error.retryAfter { response.headers.add(name: "Retry-After", value: String(seconds)) }
        return response
    }

    /// Counts one more login of the address; how long it has to wait when there were too many.
    func countLogin(_ request: HTTPRequest) -> Duration? {
        guard let caller = countedKey(of: request) else { return nil }
        if let wait = logins.wait(for: caller, at: clock.uptime) { return wait }
        logins.count(caller, at: clock.uptime)
        return nil
    }

    /// Begins a login that only this browser can end.
    func begin(_ login: LoginRequest, _ request: HTTPRequest, status: Int) async throws(BrokerError) -> HTTPResponse {
        var login = login
        let mark = cookie.read(request) ?? BrowserMark.make()
        login.browser = mark
        login.place = LoginPlace(
            address: AddressGroup(request.address).isLoopback ? nil : request.address, agent: request.headers.first(name: "User-Agent"))
        var response = HTTPResponse.redirect(status, to: try await broker.beginLogin(login).authorizationURL)
        response.headers.add(name: "Set-Cookie", value: cookie.header(mark))
        return response
    }

    /// `GET /auth/callback`: the browser comes back from there.
    func finishLogin(_ request: HTTPRequest) async -> HTTPResponse {
        let target = request.target
        let outcome = await broker.finishLogin(
            LoginCallback(
                state: target.item("state"), code: target.item("code"), iss: target.item("iss"), error: target.item("error")),
            browser: cookie.read(request))
        switch outcome {
        case .redirect(let status, let location):
            return .redirect(status, to: location)
        case .ownPage(let token, let location):
            var response = HTTPResponse.redirect(303, to: location)
            response.headers.add(name: "Set-Cookie", value: accountCookie.header(token))
            return response
        case .page(let status, let title, let message):
            return HTMLPage(title: title, parts: [.paragraph(message)]).response(HTTPResponseStatus(statusCode: status))
        }
    }
}

extension HTTPResponse {
    /// 429: the caller may come again after `wait`.
    static func tooMany(_ message: String, wait: Duration) -> HTTPResponse {
        .text(.tooManyRequests, message, retryAfter: wait.retryAfter)
    }

    /// What a client of the broker is told: the status is what it acts on.
    static func broker(_ error: BrokerError) -> HTTPResponse {
        .text(HTTPResponseStatus(statusCode: error.status), error.message, retryAfter: error.retryAfter)
    }
}
