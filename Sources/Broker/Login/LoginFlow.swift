import ATProto
import Accounts
import Foundation
import Logging
import MainLoop
import Store

/// How a login on the web ended, as it is counted.
package enum SignInResult: String, Sendable, CaseIterable {
    case done, failed
}

/// Web logins: from the handle a person types to tokens in the client's hand.
@LoopActor
final class LoginFlow {
    let client: OAuthClient
    let credentials: ClientCredentials
    let resolver: any IdentityResolving
    let store: BrokerStore
    let webTokens: WebTokens
    let clock: any LoopClock
    let logger: Logger
    let limits: BrokerLimits
    let revocations: Revocations
    let ends: SessionEnds
    let pending: PendingLogins
    let finished: FinishedLogins
    private let addresses: ReturnAddress
    weak var people: (any ConnectedPeople)?

    /// Callbacks being worked out, by state. Each took a pending login, so they are bounded with those.
    var completing: [String: Task<LoginOutcome, Never>] = [:]
    /// How logins ended whose callback came.
    var results = Tally<SignInResult>()

    init(
        configuration: BrokerConfiguration, client: OAuthClient, credentials: ClientCredentials, resolver: any IdentityResolving,
        store: BrokerStore, webTokens: WebTokens, clock: any LoopClock, logger: Logger, revocations: Revocations, ends: SessionEnds
    ) {
        self.client = client
        self.credentials = credentials
        self.resolver = resolver
        self.store = store
        self.webTokens = webTokens
        self.clock = clock
        self.logger = logger
        self.revocations = revocations
        self.ends = ends
        limits = configuration.limits
        pending = PendingLogins(capacity: limits.pendingLogins, lifetime: limits.loginLifetime, clock: clock)
        finished = FinishedLogins(capacity: limits.finishedLogins, window: limits.replayWindow, clock: clock)
        addresses = ReturnAddress(own: configuration.publicURL, others: configuration.returnTo)
    }

    /// From handle, DID or PDS to the address of the consent page.
    func begin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart {
        let destination = try destination(of: request)
        guard pending.reserve() else { throw .unavailable("Too many sign-ins at the moment", retryAfter: 30) }
        defer { pending.release() }
        let target = try await target(of: request.handle.trimmingCharacters(in: .whitespacesAndNewlines))
        let (name, pds) = (target.did?.text ?? "any", target.pds)
        let server: AuthorizationServer
        do {
            server = try await client.server(of: pds, fresh: false)
        } catch {
            logger.info("signin.discovery.failed", metadata: ["did": "\(name)", "pds": "\(pds.text)", "error": "\(error)"])
            throw BrokerError(error, doing: "Auth server discovery failed")
        }
        let authorization = AuthorizationRequest(server: server, client: try await credential(), loginHint: target.hint)
        let url: String
        do {
            url = try await client.push(authorization)
        } catch {
            logger.info("signin.request.failed", metadata: ["did": "\(name)", "issuer": "\(server.issuer)", "error": "\(error)"])
            throw BrokerError(error, doing: "PAR failed")
        }
        pending.insert(
            PendingLogin(
                did: target.did, request: authorization, destination: destination,
                browser: BrowserMark(request.browser, mayBeMissing: destination == .app), place: request.place))
        return LoginStart(authorizationURL: url)
    }

    private func credential() async throws(BrokerError) -> ClientCredential {
        do {
            return try await credentials.forNewSession()
        } catch {
            logger.error("signin.key.missing", metadata: ["error": "\(error)"])
            throw .unavailable("The session store is not available", retryAfter: limits.firstRetry.headerSeconds)
        }
    }

    /// Apps send a `return_to` along that is not theirs to use; it has no say then, not even a wrong one (freeq-wire 4.4).
    private func destination(of request: LoginRequest) throws(BrokerError) -> LoginDestination {
        if let link = request.link { return .connection(link) }
        if request.mobile { return .app }
        guard let address = addresses.resolve(returnTo: request.returnTo, referer: request.referer) else {
            throw .badRequest("Invalid return_to URL")
        }
        guard request.keepsCookie else { return .web(address) }
        guard addresses.isOwn(address) else { throw .badRequest("keep=cookie is for pages of this server; return_to is elsewhere") }
        return .ownPage(address)
    }
}
