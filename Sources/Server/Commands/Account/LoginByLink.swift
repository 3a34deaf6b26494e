package import ATProto
package import Accounts
import IRCProtocol
import Logging
import MainLoop

/// What a browser shows of a connection that waits for a login.
package enum WaitingConnection: Sendable, Equatable {
    package struct Details: Sendable, Equatable {
        package var network: String
        package var nick: String
        package var user: String
        /// The address, its second half hidden.
        package var address: String
        /// What it wants to be logged in as: a handle, a DID or a PDS.
        package var account: String
        /// How long ago it asked.
        package var seconds: Int64
        /// The local account to which that is to be linked; nil: the connection is to be logged in.
        package var linksTo: String?

        package init(
            network: String, nick: String, user: String, address: String, account: String, seconds: Int64, linksTo: String? = nil
        ) {
            (self.network, self.nick, self.user, self.address) = (network, nick, user, address)
            (self.account, self.seconds, self.linksTo) = (account, seconds, linksTo)
        }
    }

    case waiting(Details)
    /// Why nothing waits.
    case over(String)
}

/// `LOGIN <handle>` (freeq): logs in with a browser.
@LoopActor
func logInWithBrowser(_ context: CommandContext) {
    let (world, name) = (context.world, context.message[0] ?? "")
    world.askForBrowser(context.session, as: name, context) { context.notice($0) }
}

/// `/msg NickServ LOGIN <handle>`; `LOGIN [<account>] <password>` is the same as IDENTIFY.
@LoopActor
func logInToService(_ request: ServiceRequest) {
    guard request.arguments.count == 1, let name = request[0], World.isBrowserLogin(name) else { return identify(request) }
    guard let context = request.connection else { return }
    request.world.askForBrowser(context.session, as: name, request.asker) { request.say($0) }
}

extension World {
    /// What stands before a link; see the routes of the sidecar.
    package nonisolated static let loginLinkPath = "/auth/link/"

    /// Whether `name` says who one is in the AT Protocol, and is no password.
    static func isBrowserLogin(_ name: String) -> Bool {
        Handle(name) != nil || DID(name).map { $0.method != .key } == true || Origin(name)?.scheme == "https"
    }

    /// Tells a connection the link with which its person logs in; or why there is none. The name is looked up first: a mistake in it is
    /// better seen here than in the browser.
    ///
    /// - Parameters:
    ///   - local: the account of the connection, to which the identity is to be linked; nil: it is to be logged in.
    ///   - asker: whose command this is.
    func askForBrowser(
        _ session: Session, as name: String, linkingTo local: String? = nil, _ asker: some ServiceAsker, tell: @escaping (String) -> Void
    ) {
        guard Self.isBrowserLogin(name), name.utf8.count <= 253 else {
            return tell("Expected a handle such as alice.example.com, or a DID")
        }
        if local == nil, let account = session.client.identity?.account { return tell("You are logged in as \(account) already") }
        guard let webLogins = services.webLogins else { return tell("This server has no login for browsers") }
        let (authenticator, address) = (services.authenticator, AddressGroup(session.peer.address).key)
        asker.wait { () -> String? in
            do throws(SASLFailure) {
                try await authenticator.countLookup(address)
            } catch {
                return "Too many names were looked up for your address, try again in a minute"
            }
            return await webLogins.refusal(ofLogin: name)
        } then: { [self] refusal in
            if let refusal { return tell(refusal) }
            offerLink(to: session, as: name, linkingTo: local, tell: tell)
        }
    }

    private func offerLink(to session: Session, as name: String, linkingTo local: String?, tell: (String) -> Void) {
        let address = AddressGroup(session.peer.address).key
        guard let link = waitingLogins.open(for: session, as: name, linkingTo: local, address: address, at: clock.uptime) else {
            return tell("Too many logins wait for a browser, try again in a few minutes")
        }
        tell(
            local.map { "To link \(name) to your account \($0), open this link in a browser:" }
                ?? "To log in as \(name), open this link in a browser:")
        tell(configuration.webAddress + Self.loginLinkPath + link)
        tell("It counts once, for 10 minutes. Do not give it to anybody.")
    }

    /// Which connection waits behind `link`.
    package func waitingConnection(_ link: String) -> WaitingConnection {
        guard let waiting = waitingLogins.find(link, at: clock.uptime) else {
            return .over("This link is unknown, used or too old. Ask for another one in your chat client.")
        }
        guard let session = waiting.session, session.phase != .closed, session.doom == nil else { return .over(Self.connectionIsGone) }
        let account = session.client.identity?.account
        guard waiting.linksTo == account else {
            return .over(
                waiting.linksTo.map { "The connection is not logged in as \($0) any more." }
                    ?? "The connection is logged in as \(account ?? "somebody") already.")
        }
        return .waiting(
            WaitingConnection.Details(
                network: configuration.network, nick: session.target, user: session.client.user,
                address: Self.masked(session.peer.address), account: waiting.account,
                seconds: (clock.uptime - waiting.askedAt).components.seconds, linksTo: waiting.linksTo))
    }

    static let connectionIsGone = "The connection that asked for this login is gone."

    /// Logs in the connection behind `link`, or links its account.
    ///
    /// - Parameter handle: verified in both directions.
    package func logInWaiting(_ link: String, as did: DID, handle: Handle?) async -> BrowserLogin {
        if case .over(let reason) = waitingConnection(link) { return .refused(reason) }
        guard let waiting = waitingLogins.take(link, at: clock.uptime), let session = waiting.session else {
            return .refused(Self.connectionIsGone)
        }
        if let account = waiting.linksTo { return await self.link(did, handle, to: account, for: session) }
        var closings = closings
        var identity: Identity
        let belongings: Belongings
        do {
            identity = try await services.authenticator.logIn(did, handle: handle)
            belongings = await Belongings(of: identity, services)
            while closings != self.closings {
                closings = self.closings
                identity = try await services.authenticator.renewed(identity)
            }
        } catch {
            return .refused(error.text)
        }
        guard session.phase != .closed, session.doom == nil else { return .refused(Self.connectionIsGone) }
        if let account = session.client.identity?.account { return .refused("The connection is logged in as \(account) already.") }
        if let failure = logIn(session, as: identity, with: belongings) { return .refused(failure.text) }
        session.send(Line(configuration.name, Numeric.saslSuccess.digits, [session.target], text: "SASL authentication successful"))
        session.send(
            Line(
                configuration.name, "NOTICE", [session.target],
                text: "You are now authenticated as \(did)\(handle.map { " (@\($0))" } ?? "")"))
        logger.info("login.browser", metadata: ["nick": "\(session.target)", "account": "\(identity.account)"])
        return .loggedIn
    }

    /// The first half of an address, so that its owner knows it again and nobody else learns it.
    static func masked(_ address: String) -> String {
        if address.contains(":") {
            return address.split(separator: ":", omittingEmptySubsequences: true).prefix(2).joined(separator: ":") + ":…"
        }
        return address.split(separator: ".").prefix(2).joined(separator: ".") + ".x.x"
    }
}
