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
    func finish(_ callback: LoginCallback) async -> LoginOutcome {
        let unknown = LoginRefusal(status: 400, message: "This sign-in is unknown or has expired. Please start again.")
        guard let state = callback.state, !state.isEmpty, state.utf8.count <= 256 else { return unknown.outcome(for: nil) }
        switch finished.find(callback, state: state) {
        case .same(let outcome): return await outcome.value
        case .other: return unknown.outcome(for: nil)
        case .never: break
        }
        guard let login = pending.take(state) else { return unknown.outcome(for: nil) }
        let outcome = Task {
            let outcome = await complete(login, callback)
            finished.finish(state: state)
            completing[state] = nil
            return outcome
        }
        completing[state] = outcome
        finished.insert(outcome, of: callback, state: state)
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
            guard let refreshToken = answer.refreshToken else {
                throw LoginRefusal(status: 502, message: "The authorization server gave no refresh token.")
            }
            do throws(LoginRefusal) {
                let tokens = try Self.checked(answer, for: login.did)
                let pds = try await confirm(login)
                return try await admit(login, tokens: tokens, refreshToken: refreshToken, pds: pds).outcome(for: login.destination)
            } catch {
                revocations.revoke(refreshToken, of: login)
                throw error
            }
        } catch {
            logger.notice(
                "Sign-in failed",
                metadata: ["did": "\(login.did.text)", "issuer": "\(login.request.server.issuer)", "reason": "\(error.message)"])
            return error.outcome(for: login.destination)
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
        if case .refused(_, "invalid_grant") = error {
            return LoginRefusal(status: 400, message: "The sign-in took too long or was used before. Please start again.")
        }
        return LoginRefusal(BrokerError(error, doing: "The authorization server could not finish the sign-in"))
    }

    private static func checked(_ answer: TokenAnswer, for did: DID) throws(LoginRefusal) -> ValidTokens {
        do {
            return try answer.validated(for: did)
        } catch .otherSubject {
            throw LoginRefusal(status: 403, message: "You signed in with another account than the one you named here.")
        } catch {
            throw LoginRefusal(status: 502, message: "The authorization server's answer was not accepted: \(error).")
        }
    }

    /// Asks afresh who speaks for the account: the server that vouched for it must be the one its own PDS names.
    private func confirm(_ login: PendingLogin) async throws(LoginRefusal) -> Origin {
        let pds: Origin?
        do {
            pds = try await resolver.resolve(did: login.did, fresh: true).pds
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
        guard issuer == login.request.server.issuer else {
            throw LoginRefusal(status: 403, message: "Another authorization server speaks for the account now. Please start again.")
        }
        return pds
    }

    /// Stores the session and makes what the client gets.
    private func admit(
        _ login: PendingLogin, tokens: ValidTokens, refreshToken: String, pds: Origin
    ) async throws(LoginRefusal) -> LoginResult {
        let handle = await resolver.verifiedHandle(of: login.did)
        let brokerToken = RandomToken.make()
        let now = clock.wallMilliseconds
        let session = NewPDSSession(
            id: RandomToken.make(bytes: 16), did: login.did.text, pds: pds.text, issuer: login.request.server.issuer,
            clientID: login.request.client.clientID, clientKey: login.request.client.key?.id, scope: tokens.scope,
            secrets: SessionSecrets(
                refreshToken: refreshToken, accessToken: tokens.accessToken, proofKey: login.request.key.rawRepresentation),
            accessExpiresAt: now + tokens.lifetime.milliseconds, handle: handle?.text, createdAt: now)
        do {
            let ended = try await store.open(session, tokenHash: BrokerToken.hash(brokerToken), limit: limits.sessionsPerAccount)
            ended.forEach(revocations.revoke)
        } catch {
            logger.error("A sign-in could not be stored", metadata: ["did": "\(login.did.text)", "error": "\(error)"])
            throw LoginRefusal(status: 503, message: "The sign-in could not be stored. Please try again later.")
        }
        logger.info("Signed in", metadata: ["did": "\(login.did.text)", "handle": "\(handle?.text ?? "none")"])
        return LoginResult(
            token: webTokens.mint(did: login.did, handle: handle), broker_token: brokerToken,
            nick: SuggestedNick.make(handle: handle, did: login.did), did: login.did.text,
            handle: handle?.text ?? Handle.invalid, pds_url: pds.text)
    }
}
