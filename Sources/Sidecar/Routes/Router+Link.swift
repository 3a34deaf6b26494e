import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server

/// Logging in a connection to the chat whose client cannot do it: the page behind the link that it was given.
extension Router {
    /// `GET /auth/link/{link}`: which connection it is. Nothing has happened yet.
    func showLink(_ request: HTTPRequest) -> HTTPResponse {
        let link = request.target.pathPart(2) ?? ""
        let found: WaitingConnection.Details
        switch server.waitingConnection(link) {
        case .waiting(let details): found = details
        case .over(let reason): return Self.refusal(.notFound, reason)
        }
        let mark = cookie.read(request) ?? BrowserMark.make()
        let age = found.seconds < 60 ? "\(found.seconds) seconds" : "\(found.seconds / 60) minutes"
        let asks = found.linksTo.map { "asks to link \(found.account) to the account \($0)" } ?? "asks to be logged in as \(found.account)"
        let yes = found.linksTo.map { "link \(found.account) to \($0)" } ?? "log in as \(found.account)"
        let power =
            found.linksTo.map { "From then on, whoever has the account \($0) acts under your name there." }
            ?? "Whoever it is will act under your name there."
        var page = HTMLPage(
            title: found.linksTo == nil ? "Log in to \(found.network)?" : "Link to an account on \(found.network)?",
            parts: [
                .paragraph("Somebody who is connected to \(found.network) \(asks):"),
                .list([
                    "Nickname: \(found.nick)", "User name: \(found.user)", "Address: \(found.address)", "Asked \(age) ago",
                ]),
                .paragraph("Go on only if that is you, in your own chat client. \(power)"),
                .paragraph("You will sign in at the server of your account; this server does not see your password."),
                .form(
                    action: Self.linkPath + link, fields: [("check", FormCheck(mark, for: link).text)],
                    button: "Yes, that is me: \(yes)"),
            ])
        // The answer to the form sends the browser on to the server of the account, wherever that is.
        page.formTargets = configuration.isSecure ? "'self' https:" : "'self' https: http:"
        var response = page.response(.ok)
        response.headers.add(name: "Set-Cookie", value: cookie.header(mark))
        return response
    }

    /// `POST /auth/link/{link}`: the person said yes.
    func followLink(_ request: HTTPRequest) async -> HTTPResponse {
        let link = request.target.pathPart(2) ?? ""
        guard let mark = cookie.read(request), FormCheck(mark, for: link).admits(request.form?.item("check")) else {
            return Self.refusal(
                .forbidden, "This did not come from the page that shows who asks. Open the link once more; cookies are needed.")
        }
        guard case .waiting(let found) = server.waitingConnection(link) else {
            return Self.refusal(.notFound, "The connection no longer waits for a login.")
        }
        if let wait = countLogin(request) {
            var response = Self.refusal(.tooManyRequests, "Too many sign-ins from your address; try again in a minute.")
            response.headers.add(name: "Retry-After", value: String(wait.retryAfter))
            return response
        }
        var login = LoginRequest(handle: found.account)
        login.link = link
        do {
            return try await begin(login, request, status: 303)
        } catch {
            return Self.refusal(HTTPResponseStatus(statusCode: error.status), error.message)
        }
    }

    private static func refusal(_ status: HTTPResponseStatus, _ reason: String) -> HTTPResponse {
        HTMLPage(title: "Not logged in", parts: [.paragraph(reason)]).response(status)
    }
}
