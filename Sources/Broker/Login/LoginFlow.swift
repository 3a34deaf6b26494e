import ATProto
import Accounts
import Foundation
import Logging
import MainLoop
import Store

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
    let pending: PendingLogins
    let finished: FinishedLogins
    private let addresses: ReturnAddress

    /// Callbacks being worked out, by state. Each took a pending login, so they are bounded with those.
    var completing: [String: Task<LoginOutcome, Never>] = [:]

    init(
        configuration: BrokerConfiguration, client: OAuthClient, credentials: ClientCredentials, resolver: any IdentityResolving,
        store: BrokerStore, webTokens: WebTokens, clock: any LoopClock, logger: Logger, revocations: Revocations
    ) {
        self.client = client
        self.credentials = credentials
        self.resolver = resolver
        self.store = store
        self.webTokens = webTokens
        self.clock = clock
        self.logger = logger
        self.revocations = revocations
        limits = configuration.limits
        pending = PendingLogins(capacity: limits.pendingLogins, lifetime: limits.loginLifetime, clock: clock)
        finished = FinishedLogins(capacity: limits.finishedLogins, window: limits.replayWindow, clock: clock)
        addresses = ReturnAddress(own: configuration.publicURL, others: configuration.returnTo)
    }

    /// From handle or DID to the address of the consent page.
    func begin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart {
        let destination = try destination(of: request)
        guard pending.reserve() else { throw .unavailable("Too many sign-ins at the moment", retryAfter: 30) }
        defer { pending.release() }
        let typed = request.handle.trimmingCharacters(in: .whitespacesAndNewlines)
        let (did, document, hint) = try await account(typed)
        guard let pds = document.pds else { throw .badRequest("No PDS in DID document") }
        let server: AuthorizationServer
        do {
            server = try await client.server(of: pds, fresh: false)
        } catch {
            logger.info("Discovery failed", metadata: ["did": "\(did.text)", "pds": "\(pds.text)", "error": "\(error)"])
            throw BrokerError(error, doing: "Auth server discovery failed")
        }
        let authorization = AuthorizationRequest(server: server, client: try await credential(), loginHint: hint)
        let url: String
        do {
            url = try await client.push(authorization)
        } catch {
            logger.info("Pushed request failed", metadata: ["did": "\(did.text)", "issuer": "\(server.issuer)", "error": "\(error)"])
            throw BrokerError(error, doing: "PAR failed")
        }
        pending.insert(PendingLogin(did: did, request: authorization, destination: destination))
        return LoginStart(authorizationURL: url)
    }

    private func credential() async throws(BrokerError) -> ClientCredential {
        do {
            return try await credentials.forNewSession()
        } catch {
            logger.error("There is no key to sign in with", metadata: ["error": "\(error)"])
            throw .unavailable("The session store is not available", retryAfter: limits.firstRetry.headerSeconds)
        }
    }

    /// Apps send a `return_to` along that is not theirs to use; it has no say then, not even a wrong one (freeq-wire 4.4).
    private func destination(of request: LoginRequest) throws(BrokerError) -> LoginDestination {
        if request.mobile { return .app }
        guard let address = addresses.resolve(returnTo: request.returnTo, referer: request.referer) else {
            throw .badRequest("Invalid return_to URL")
        }
        return .web(address)
    }

    private func account(_ typed: String) async throws(BrokerError) -> (DID, DIDDocument, hint: String) {
        guard !typed.isEmpty else { throw .badRequest("handle is required") }
        if typed.hasPrefix("did:") {
            guard let did = DID(typed) else { throw .badRequest("Cannot resolve DID: not a valid DID") }
            return (did, try await document(of: did), did.text)
        }
        guard let handle = Handle(typed) else { throw .badRequest("Cannot resolve handle: not a valid handle") }
        let did: DID
        do {
            did = try await resolver.resolve(handle: handle)
        } catch {
            throw BrokerError(error, doing: "Cannot resolve handle")
        }
        let document = try await document(of: did)
        guard document.claimedHandle == handle else {
            throw .badRequest("Cannot resolve handle: the account at \(handle.text) does not claim that handle")
        }
        return (did, document, handle.text)
    }

    private func document(of did: DID) async throws(BrokerError) -> DIDDocument {
        do {
            return try await resolver.resolve(did: did, fresh: true)
        } catch {
            throw BrokerError(error, doing: "Cannot resolve DID")
        }
    }
}
