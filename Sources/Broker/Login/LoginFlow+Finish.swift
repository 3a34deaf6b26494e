import ATProto
import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import Store

/// The second half of a login: the callback.
extension LoginFlow {
    /// Works out the callback once and answers repeats of it with the same outcome. A caller that goes away does not
    /// stop it.
    ///
    /// - Parameter browser: the mark of the browser that makes the callback.
    func finish(_ callback: LoginCallback, browser: String?) async -> LoginOutcome {
        let unknown = LoginRefusal(status: 400, message: "This sign-in is unknown or has expired. Please start again.")
        guard let state = callback.state, !state.isEmpty, state.utf8.count <= 256 else { return unknown.outcome(for: nil) }
        switch finished.find(callback, state: state, browser: browser) {
        case .same(let outcome): return await outcome.value
        case .other: return unknown.outcome(for: nil)
        case .never: break
        }
        let login: PendingLogin
        switch pending.take(state, browser: browser) {
        case .login(let found): login = found
        case .unknown: return unknown.outcome(for: nil)
        case .otherBrowser(let other):
            let text = "This sign-in was begun in another browser, or this one takes no cookies. Please start again here."
            return LoginRefusal(status: 400, message: text).outcome(for: other.destination)
        }
        let outcome = Task {
            let outcome = await complete(login, callback)
            finished.finish(state: state)
            completing[state] = nil
            return outcome
        }
        completing[state] = outcome
        finished.insert(outcome, of: callback, state: state, browser: login.browser)
        return await outcome.value
    }

    /// Returns when the callbacks of this moment are answered.
    func drain() async {
        for outcome in Array(completing.values) { _ = await outcome.value }
    }

    private func complete(_ login: PendingLogin, _ callback: LoginCallback) async -> LoginOutcome {
        do throws(LoginRefusal) {
            let code = try Self.code(of: callback, issuer: login.request.server.issuer)
            let answer: TokenAnswer
            do {
                answer = try await client.redeem(code: code, of: login.request)
            } catch {
                throw refusal(of: error)
            }
            do throws(LoginRefusal) {
                let (did, tokens) = try Self.checked(answer, for: login.did)
                let pds = try await confirm(did, issuer: login.request.server.issuer)
                try await refuseSuspended(did)
                if case .connection(let link) = login.destination {
                    let outcome = try await connect(link, did)
                    // The identity is proven, and that was all it was for.
                    giveBack(answer, of: login)
                    results.count(.done)
                    return outcome
                }
                guard let refreshToken = answer.refreshToken else {
                    throw LoginRefusal(status: 502, message: "The authorization server gave no refresh token.")
                }
                let result = try await admit(login, did, tokens: tokens, refreshToken: refreshToken, pds: pds)
                results.count(.done)
                return result.outcome(for: login.destination)
            } catch {
                giveBack(answer, of: login)
                throw error
            }
        } catch {
            results.count(.failed)
            logger.notice(
                "signin.failed",
                metadata: ["did": "\(login.did?.text ?? "any")", "issuer": "\(login.request.server.issuer)", "reason": "\(error.message)"])
            return error.outcome(for: login.destination)
        }
    }

    private func giveBack(_ answer: TokenAnswer, of login: PendingLogin) {
        if let token = answer.refreshToken ?? answer.accessToken { revocations.revoke(token, of: login) }
    }

    private func refuseSuspended(_ did: DID) async throws(LoginRefusal) {
        do {
            guard let reason = try await store.suspension(of: did.text) else { return }
            throw LoginRefusal(BrokerError.suspended(reason))
        } catch let refusal as LoginRefusal {
            throw refusal
        } catch {
            throw LoginRefusal(status: 503, message: "The account could not be looked up. Please try again later.")
        }
    }

    /// Logs in the connection behind `link`, or links its account.
    private func connect(_ link: String, _ did: DID) async throws(LoginRefusal) -> LoginOutcome {
        let handle = await resolver.verifiedHandle(of: did)
        guard let people else { throw LoginRefusal(status: 503, message: "Nobody can be logged in this way at the moment.") }
        let name = handle?.text ?? did.text
        let goOn = "You can close this page and go on in your chat client."
        switch await people.logInWaiting(link, as: did, handle: handle) {
        case .refused(let reason): throw LoginRefusal(status: 409, message: reason)
        case .loggedIn:
            logger.info("signin.connection", metadata: ["did": "\(did.text)"])
            return .page(status: 200, title: "You are logged in", message: "Your connection is logged in as \(name). \(goOn)")
        case .linked(let account):
            return .page(status: 200, title: "Linked", message: "\(name) is linked to the account \(account). \(goOn)")
        }
    }

    /// The code, if the callback comes from the server the login went to (RFC 9207).
    private static func code(of callback: LoginCallback, issuer: String) throws(LoginRefusal) -> String {
        guard callback.iss == issuer || (callback.iss == nil && callback.error != nil) else {
            throw LoginRefusal(status: 400, message: "The answer came from another authorization server than this sign-in was sent to.")
        }
        if let error = callback.error {
            throw LoginRefusal(status: 400, message: message(for: error))
        }
        guard let code = callback.code, !code.isEmpty, code.utf8.count <= 4096 else {
            throw LoginRefusal(status: 400, message: "The authorization server sent no code.")
        }
        return code
    }

    private static func message(for error: String) -> String {
        switch error {
        case "access_denied": return "The sign-in was refused or cancelled at the authorization server."
        case "login_required", "interaction_required": return "The authorization server wants you to sign in there first."
        case "server_error", "temporarily_unavailable": return "The authorization server has a problem. Please try again later."
        default:
            let code = error.prefix(60).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            return "The authorization server refused: \(code)."
        }
    }

    private func refusal(of error: OAuthError) -> LoginRefusal {
        if case .refused(_, "invalid_grant", _) = error {
            return LoginRefusal(status: 400, message: "The sign-in took too long or was used before. Please start again.")
        }
        return LoginRefusal(BrokerError(error, doing: "The authorization server could not finish the sign-in"))
    }

    /// - Parameter did: the account that the login began with; nil: the one that the answer names.
    private static func checked(_ answer: TokenAnswer, for did: DID?) throws(LoginRefusal) -> (DID, ValidTokens) {
        guard let did = did ?? answer.subject.flatMap({ DID($0) }) else {
            throw LoginRefusal(status: 502, message: "The authorization server's answer names no account.")
        }
        do {
            return (did, try answer.validated(for: did))
        } catch .otherSubject {
            throw LoginRefusal(status: 403, message: "You signed in with another account than the one you named here.")
        } catch {
            throw LoginRefusal(status: 502, message: "The authorization server's answer was not accepted: \(error).")
        }
    }

    /// Asks afresh who speaks for the account: the server that vouched for it must be the one its own PDS names.
    private func confirm(_ did: DID, issuer expected: String) async throws(LoginRefusal) -> Origin {
        let pds: Origin?
        do {
            pds = try await resolver.resolve(did: did, fresh: true).pds
        } catch {
            throw LoginRefusal(BrokerError(error, doing: "The account could not be confirmed"))
        }
        guard let pds else { throw LoginRefusal(status: 403, message: "The account has no PDS.") }
        let issuer: String
        do {
            issuer = try await client.server(of: pds, fresh: true).issuer
        } catch {
            throw LoginRefusal(BrokerError(error, doing: "The account could not be confirmed"))
        }
        guard issuer == expected else {
            throw LoginRefusal(status: 403, message: "Another authorization server speaks for the account now. Please start again.")
        }
        return pds
    }

    /// Stores the session and makes what the client gets.
    private func admit(
        _ login: PendingLogin, _ did: DID, tokens: ValidTokens, refreshToken: String, pds: Origin
    ) async throws(LoginRefusal) -> LoginResult {
        let handle = await resolver.verifiedHandle(of: did)
        let brokerToken = RandomToken.make()
        let now = clock.wallMilliseconds
        var session = NewPDSSession(
            id: RandomToken.make(bytes: 16), did: did.text, pds: pds.text, issuer: login.request.server.issuer,
            clientID: login.request.client.clientID, clientKey: login.request.client.key?.id, scope: tokens.scope,
            secrets: SessionSecrets(
                refreshToken: refreshToken, accessToken: tokens.accessToken, proofKey: login.request.key.rawRepresentation),
            accessExpiresAt: now + tokens.lifetime.milliseconds, handle: handle?.text, createdAt: now)
        session.place = login.place
        do {
            ends.makeRoom(
                try await store.open(session, tokenHash: BrokerToken.hash(brokerToken), limit: limits.sessionsPerAccount))
        } catch {
            logger.error("signin.store.failed", metadata: ["did": "\(did.text)", "error": "\(error)"])
            throw LoginRefusal(status: 503, message: "The sign-in could not be stored. Please try again later.")
        }
        logger.info("signin.done", metadata: ["did": "\(did.text)", "handle": "\(handle?.text ?? "none")"])
        return LoginResult(
            token: webTokens.mint(did: did, handle: handle, login: session.id), broker_token: brokerToken,
            nick: SuggestedNick.make(handle: handle, did: did), did: did.text,
            handle: handle?.text ?? Handle.invalid, pds_url: pds.text)
    }
}
