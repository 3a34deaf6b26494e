import ATProto
import Crypto
import Foundation
import Logging
import MainLoop
import Store

/// A rotated token between the answer of the server and the database.
struct UnsavedRotation: Sendable {
    let session: PDSSession
    let answer: TokenAnswer
    let pds: String
    /// The key of the session, to give back what came too late.
    let proofKey: Data
    /// When the answer came, in milliseconds since 1970.
    let answeredAt: Int64
}

/// One refresh, in the order that survives a crash at any point: identity and issuer; the intent, durable; the request;
/// the rotated token, durable; only then a look at the rest of the answer.
extension RefreshQueue {
    func refresh(_ session: PDSSession) async throws -> SessionProof {
        guard let did = DID(session.did) else { return await bury(session, reason: "stored DID is not valid") }
        let pds: Origin
        let server: AuthorizationServer
        switch await authority(of: did, for: session) {
        case .found(let foundPDS, let foundServer): (pds, server) = (foundPDS, foundServer)
        case .lost(let reason): return await bury(session, reason: reason)
        case .unreachable(let reason): return try await postpone(session, reason: reason, retryAfter: nil)
        }
        guard let secrets = try await store.secrets(id: session.id) else { return .dead }
        let grant = TokenGrant(
            refreshToken: secrets.refreshToken,
            client: try await credentials.of(clientID: session.clientID, keyID: session.clientKey),
            key: try DPoPKey(rawRepresentation: secrets.proofKey))
        let hash = Data(SHA256.hash(data: Data(secrets.refreshToken.utf8)))
        if session.intent?.tokenHash == hash {
            logger.notice("Refreshing again with a token whose last answer is not known", metadata: log(session))
        }
        let now = clock.wallMilliseconds
        guard try await store.writeIntent(session.id, generation: session.generation, tokenHash: hash, now: now) else {
            return try await store.session(id: session.id) == nil ? .gone : .unavailable(retryAfter: limits.firstRetry)
        }
        await observer?.refresh(of: did, reached: .intentWritten)
        let outcome = await client.refresh(grant, at: server)
        await observer?.refresh(of: did, reached: .answered)
        switch outcome {
        case .rotated(let answer):
            unsaved[session.id] = UnsavedRotation(
                session: session, answer: answer, pds: pds.text, proofKey: secrets.proofKey, answeredAt: clock.wallMilliseconds)
            guard let rotation = await save(session.id) else {
                metrics.count(.unsaved)
                return .unavailable(retryAfter: limits.firstRetry)
            }
            await observer?.refresh(of: did, reached: .stored)
            return try await accept(rotation)
        case .dead(let reason):
            return await bury(session, reason: reason)
        case .unknown(let reason, let retryAfter):
            return try await doubt(session, reason: reason, retryAfter: retryAfter)
        case .notSent(let reason, let retryAfter):
            return try await postpone(session, reason: reason, retryAfter: retryAfter)
        }
    }

    private enum Authority {
        case found(Origin, AuthorizationServer)
        /// The account is gone, or another server speaks for it now.
        case lost(String)
        case unreachable(String)
    }

    /// Who speaks for the account now, asked afresh: a session must not outlive the account's move or deletion.
    private func authority(of did: DID, for session: PDSSession) async -> Authority {
        do {
            let document = try await resolver.resolve(did: did, fresh: true)
            guard let pds = document.pds else { return .unreachable("no PDS in the DID document") }
            let server = try await client.server(of: pds, fresh: true)
            guard server.issuer == session.issuer else { return .lost("another authorization server speaks for the account") }
            return .found(pds, server)
        } catch IdentityError.tombstoned {
            return .lost("the account was deleted")
        } catch {
            return .unreachable("\(error)")
        }
    }

    /// Stores a rotation that is held in memory, trying a few times. Nil when the database will not have it; it is
    /// then still held.
    func save(_ id: String) async -> UnsavedRotation? {
        guard let rotation = unsaved[id] else { return nil }
        for pause in [Duration.milliseconds(100), .milliseconds(500), nil] {
            do {
                let isLive = try await store.storeRotation(
                    id, refreshToken: rotation.answer.refreshToken, pds: rotation.pds, now: rotation.answeredAt)
                unsaved[id] = nil
                if !isLive { giveBack(rotation) }
                return rotation
            } catch {
                logger.critical(
                    "A rotated refresh token could not be stored; it is held in memory. Is the disk full?",
                    metadata: ["session": "\(id)", "error": "\(error)"])
                if let pause { try? await clock.sleep(for: pause) }
            }
        }
        return nil
    }

    /// Looks at an answer whose refresh token is stored.
    func accept(_ rotation: UnsavedRotation) async throws -> SessionProof {
        let session = rotation.session
        guard let did = DID(session.did) else { return await bury(session, reason: "stored DID is not valid") }
        do {
            let tokens = try rotation.answer.validated(for: did)
            try await store.storeAccess(
                session.id, accessToken: tokens.accessToken, expiresAt: rotation.answeredAt + tokens.lifetime.milliseconds,
                scope: tokens.scope)
            metrics.count(.rotated)
            logger.debug("Session refreshed", metadata: log(session))
            return try await store.session(id: session.id).map { .proven($0) } ?? .gone
        } catch TokenFault.otherSubject {
            metrics.count(.invalid)
            await giveBack(session)
            return await bury(session, reason: "the server answered for another account")
        } catch let fault as TokenFault {
            metrics.count(.invalid)
            logger.warning("Token answer refused", metadata: log(session, reason: fault.description))
            return .unavailable(retryAfter: try await wait(session, asked: nil, isSettled: true))
        }
    }

    /// The session was ended while its server was asked: what that gave is not kept.
    private func giveBack(_ rotation: UnsavedRotation) {
        guard let refreshToken = rotation.answer.refreshToken else { return }
        let session = rotation.session
        giveBack(session, SessionSecrets(refreshToken: refreshToken, accessToken: nil, proofKey: rotation.proofKey), pds: rotation.pds)
    }

    private func giveBack(_ session: PDSSession) async {
        guard let secrets = try? await store.secrets(id: session.id) else { return }
        giveBack(session, secrets, pds: session.pds)
    }

    private func giveBack(_ session: PDSSession, _ secrets: SessionSecrets, pds: String) {
        revocations.revoke(
            EndedSession(
                id: session.id, did: session.did, pds: pds, issuer: session.issuer, clientID: session.clientID,
                clientKey: session.clientKey, secrets: secrets))
    }

    /// The session is over. Should the database not take that, the answer is the same and the next call finds out again.
    private func bury(_ session: PDSSession, reason: String) async -> SessionProof {
        metrics.count(.dead)
        logger.notice("Session ended, a new sign-in is needed", metadata: log(session, reason: reason))
        do {
            try await store.storeDeath(session.id, reason: reason)
        } catch {
            logger.error("The end of a session could not be stored", metadata: log(session, reason: "\(error)"))
        }
        return .dead
    }

    private func doubt(_ session: PDSSession, reason: String, retryAfter: Duration?) async throws -> SessionProof {
        metrics.count(.unknown)
        logger.warning("The outcome of a refresh is not known", metadata: log(session, reason: reason))
        return unproven(session, retryAfter: try await wait(session, asked: retryAfter, isSettled: false))
    }

    private func postpone(_ session: PDSSession, reason: String, retryAfter: Duration?) async throws -> SessionProof {
        metrics.count(.notSent)
        if reason.hasPrefix("invalid_client") {
            logger.error(
                "The authorization server refuses this client; check public_url and /client-metadata.json",
                metadata: log(session, reason: reason))
        } else {
            logger.warning("Refresh not possible", metadata: log(session, reason: reason))
        }
        // An earlier request may still have gone through: its intent stays until an answer is stored.
        return unproven(session, retryAfter: try await wait(session, asked: retryAfter, isSettled: session.intent == nil))
    }

    /// Stores when the next try may be, and says how long that is.
    private func wait(_ session: PDSSession, asked: Duration?, isSettled: Bool) async throws -> Duration {
        let failures = session.failures + 1
        let delay = backoff.delay(failures: failures, asked: asked, chance: .random(in: 0...1))
        try await store.storeFailure(
            session.id, failures: failures, retryAt: clock.wallMilliseconds + delay.milliseconds, isSettled: isSettled)
        return delay
    }

    private func log(_ session: PDSSession, reason: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["did": "\(session.did)", "issuer": "\(session.issuer)"]
        if let reason { metadata["reason"] = "\(reason)" }
        return metadata
    }
}
