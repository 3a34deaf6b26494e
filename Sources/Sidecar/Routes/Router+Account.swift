import Accounts
import Broker
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// The account page and what its forms do. The browser keeps the broker token in a cookie that no script reads.
extension Router {
    /// `GET /account`.
    func account(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let token = accountCookie.read(request) else { return signInPage() }
        return try await accountPage(token)
    }

    /// `POST /account/sign-in` with a handle: off to the server of the account.
    func signIn(_ request: HTTPRequest) async -> HTTPResponse {
        let handle = (request.form?.item("handle") ?? "")[...].trimmingSpaces
        guard !handle.isEmpty else { return signInPage("Please type your handle.", .badRequest) }
        if let wait = countLogin(request) {
            return signInPage("Too many sign-ins from your address.", .tooManyRequests, retryAfter: wait.retryAfter)
        }
        var login = LoginRequest(handle: String(handle), returnTo: AccountPage.path)
        login.keepsCookie = true
        do {
            return try await begin(login, request, status: 303)
        } catch {
            return signInPage(error.message, HTTPResponseStatus(statusCode: error.status), retryAfter: error.retryAfter)
        }
    }

    /// `POST /account/sign-out`.
    func signOut(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            try await self.broker.logOut(brokerToken: token)
            return self.leaveAccountPage()
        }
    }

    /// `POST /account/sessions/{id}/end`.
    func endSession(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            _ = try await self.broker.endWebLogin(request.target.pathPart(2) ?? "", brokerToken: token)
            return .redirect(303, to: AccountPage.path)
        }
    }

    /// `POST /account/sessions/end`: all but the one that asks.
    func endOtherSessions(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            _ = try await self.broker.endWebLogins(exceptCurrent: true, brokerToken: token)
            return .redirect(303, to: AccountPage.path)
        }
    }

    /// `POST /account/devices`: the password is on the page that answers, and nowhere else.
    func makeDeviceOnPage(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            let days = request.form?.item("days") ?? ""
            let order: DevicePasswordOrder
            do throws(DevicePasswordOrder.Fault) {
                order = try DevicePasswordOrder(name: request.form?.item("name") ?? "", days: days.isEmpty ? nil : days)
            } catch {
                return try await self.accountPage(token, news: [.paragraph(error.description + ".")], .badRequest)
            }
            let owner = AccountOwner.identity(try await self.broker.person(brokerToken: token))
            let made = try await self.server.makeDevicePassword(order, for: owner)
            guard case .made(let password) = made.outcome else {
                return try await self.accountPage(token, news: [.paragraph((made.outcome.refusal ?? "") + ".")], .conflict)
            }
            return try await self.accountPage(
                token,
                news: [
                    .heading("The password of \(order.name)"),
                    .paragraph("It is not shown again. Type it into the client, with SASL PLAIN and this account:"),
                    .list(["Account: \(made.account)", "Password: \(password.text)"]),
                ])
        }
    }

    /// `POST /account/devices/{name}/end`.
    func endDeviceOnPage(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            let person = try await self.broker.person(brokerToken: token)
            _ = try await self.server.revokeDevicePassword(request.target.pathPart(2) ?? "", of: .identity(person))
            return .redirect(303, to: AccountPage.path)
        }
    }

    // MARK: Parts

    func accountPage(
        _ token: String, news: [HTMLPage.Part] = [], _ status: HTTPResponseStatus = .ok
    ) async throws -> HTTPResponse {
        do throws(BrokerError) {
            let own = try await broker.webLogins(brokerToken: token)
            let (account, devices) = try await belongings(of: token)
            return AccountPage(
                network: configuration.network, account: account, own: own, devices: devices,
                check: FormCheck(token, for: AccountPage.path),
                now: clock.wallMilliseconds
            ).page(news: news).response(status)
        } catch {
            return refusal(error)
        }
    }

    private func belongings(of token: String) async throws(BrokerError) -> (OwnAccount, [DevicePasswordRecord]) {
        let owner = AccountOwner.identity(try await broker.person(brokerToken: token))
        do {
            return (try await server.ownAccount(of: owner), try await server.devicePasswords(of: owner))
        } catch {
            throw .unavailable("The account could not be looked up", retryAfter: 5)
        }
    }

    /// Does what a form of the page asks for.
    func fromAccountPage(_ request: HTTPRequest, _ body: (String) async throws -> HTTPResponse) async throws -> HTTPResponse {
        guard let token = accountCookie.read(request) else { return signInPage("Please sign in first.", .unauthorized) }
        guard FormCheck(token, for: AccountPage.path).admits(request.form?.item("check")) else {
            return signInPage("This did not come from your account page. Please open it once more.", .forbidden)
        }
        do {
            return try await body(token)
        } catch let error as BrokerError {
            return refusal(error)
        }
    }

    /// A login that is over takes its cookie along; one that cannot be looked at just now does not.
    private func refusal(_ error: BrokerError) -> HTTPResponse {
        var response = signInPage(error.message, HTTPResponseStatus(statusCode: error.status), retryAfter: error.retryAfter)
        if error.status == 401 { response.headers.add(name: "Set-Cookie", value: accountCookie.removal) }
        return response
    }

    /// - Parameter message: why, where the person did not just ask for it.
    func leaveAccountPage(_ message: String? = nil) -> HTTPResponse {
        var response = message.map { signInPage($0) } ?? .redirect(303, to: AccountPage.path)
        response.headers.add(name: "Set-Cookie", value: accountCookie.removal)
        return response
    }

    private func signInPage(_ message: String? = nil, _ status: HTTPResponseStatus = .ok, retryAfter: Int? = nil) -> HTTPResponse {
        var page = HTMLPage(title: "Your account at \(configuration.network)", parts: message.map { [.paragraph($0)] } ?? [])
        page.parts += [
            .paragraph(
                "Sign in with your AT Protocol (Bluesky) account to see where you are signed in, and to make passwords for devices."),
            .form(
                action: AccountPage.path + "/sign-in", fields: [], inputs: [.init(name: "handle", label: "Your handle")],
                button: "Sign in"),
        ]
        // The answer to the form sends the browser on to the server of the account, wherever that is.
        page.formTargets = configuration.isSecure ? "'self' https:" : "'self' https: http:"
        var response = page.response(status)
        if let retryAfter { response.headers.add(name: "Retry-After", value: String(retryAfter)) }
        return response
    }
}
