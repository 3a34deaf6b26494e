package import ATProto
import Accounts
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

        package init(network: String, nick: String, user: String, address: String, account: String, seconds: Int64) {
            (self.network, self.nick, self.user, self.address) = (network, nick, user, address)
            (self.account, self.seconds) = (account, seconds)
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
    world.askForBrowser(context.session, as: name) { context.notice($0) }
}

/// `/msg NickServ LOGIN <handle>`; `LOGIN [<account>] <password>` is the same as IDENTIFY.
@LoopActor
func logInToService(_ request: ServiceRequest) {
    guard request.arguments.count == 1, let name = request[0], World.isBrowserLogin(name) else { return identify(request) }
    guard let context = request.connection else { return }
    request.world.askForBrowser(context.session, as: name) { request.say($0) }
}

extension World {
    /// What stands before a link; see the routes of the sidecar.
    package nonisolated static let loginLinkPath = "/auth/link/"

    /// Whether `name` says who one is in the AT Protocol, and is no password.
    static func isBrowserLogin(_ name: String) -> Bool {
        Handle(name) != nil || DID(name).map { $0.method != .key } == true || Origin(name)?.scheme == "https"
    }

    /// Tells a connection the link with which its person logs in; or why there is none.
    func askForBrowser(_ session: Session, as name: String, tell: (String) -> Void) {
        guard Self.isBrowserLogin(name), name.utf8.count <= 253 else {
            return tell("Expected a handle such as alice.example.com, or a DID")
        }
        if let account = session.client.identity?.account { return tell("You are logged in as \(account) already") }
        guard services.webLogins != nil else { return tell("This server has no login for browsers") }
        let address = AddressGroup(session.peer.address).key
        guard let link = waitingLogins.open(for: session, as: name, address: address, at: clock.uptime) else {
            return tell("Too many logins wait for a browser, try again in a few minutes")
        }
        tell("To log in as \(name), open this link in a browser:")
        tell(configuration.webAddress + Self.loginLinkPath + link)
        tell("It counts once, for 10 minutes. Do not give it to anybody.")
    }

    /// Which connection waits behind `link`.
    package func waitingConnection(_ link: String) -> WaitingConnection {
        guard let waiting = waitingLogins.find(link, at: clock.uptime) else {
            return .over("This link is unknown, used or too old. Ask for another one in your chat client.")
        }
        guard let session = waiting.session, session.phase != .closed else { return .over(Self.connectionIsGone) }
        if let account = session.client.identity?.account { return .over("The connection is logged in as \(account) already.") }
        return .waiting(
            WaitingConnection.Details(
                network: configuration.network, nick: session.target, user: session.client.user,
                address: Self.masked(session.peer.address), account: waiting.account,
                seconds: (clock.uptime - waiting.askedAt).components.seconds))
    }

    private static let connectionIsGone = "The connection that asked for this login is gone."

    /// Logs in the connection behind `link`; returns why not.
    ///
    /// - Parameter handle: verified in both directions.
    package func logInWaiting(_ link: String, as did: DID, handle: Handle?) async -> String? {
        if case .over(let reason) = waitingConnection(link) { return reason }
        guard let session = waitingLogins.take(link, at: clock.uptime)?.session else { return Self.connectionIsGone }
        let identity: Identity
        do {
            identity = try await services.authenticator.logIn(did, handle: handle)
        } catch {
            return error.text
        }
        let belongings = await Belongings(of: identity, services)
        guard session.phase != .closed, session.doom == nil else { return Self.connectionIsGone }
        if let account = session.client.identity?.account { return "The connection is logged in as \(account) already." }
        if let failure = logIn(session, as: identity, with: belongings) { return failure.text }
        session.send(Line(configuration.name, Numeric.saslSuccess.digits, [session.target], text: "SASL authentication successful"))
        session.send(
            Line(
                configuration.name, "NOTICE", [session.target],
                text: "You are now authenticated as \(did)\(handle.map { " (@\($0))" } ?? "")"))
        logger.info("login.browser", metadata: ["nick": "\(session.target)", "account": "\(identity.account)"])
        return nil
    }

    /// The first half of an address, so that its owner knows it again and nobody else learns it.
    static func masked(_ address: String) -> String {
        if address.contains(":") {
            return address.split(separator: ":", omittingEmptySubsequences: true).prefix(2).joined(separator: ":") + ":…"
        }
        return address.split(separator: ".").prefix(2).joined(separator: ".") + ".x.x"
    }
}
