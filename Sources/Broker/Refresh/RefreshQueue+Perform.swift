import ATProto
import Foundation
import Logging
import MainLoop
import Store

/// What a ``RefreshMachine`` asks for is done here, and nothing is decided.
extension RefreshQueue {
    /// Does what the stage of the machine is about. Throws what the database does.
    func perform(_ machine: RefreshMachine) async throws -> RefreshEvent {
        switch machine.stage {
        case .reading: return .row(try await store.session(id: machine.id))
        case .queueing(let session):
            await gate.enter(session.issuer)
            return .done
        case .finding(let session): return await authority(of: session)
        case .opening(let session, _):
            let secrets = try await store.secrets(id: session.id)
            // What could not be sent is not noted.
            if let secrets { _ = try await grant(session, secrets) }
            return .secrets(secrets)
        case .noting(let errand): return try await note(errand)
        case .asking(let errand): return .outcome(await ask(errand))
        case .saving:
            guard let rotation = machine.unsaved else { return .failed }
            return await save(rotation)
        case .pausing(let attempt):
            try? await clock.sleep(for: attempt == 1 ? .milliseconds(100) : .milliseconds(500))
            return .done
        case .storing(let rotation, let tokens): return .row(try await store(tokens, of: rotation))
        case .returning(let rotation, _):
            revocations.revoke(rotation.ended)
            return .done
        case .burying(let session, let reason): return try await bury(session, reason)
        case .postponing(let session, let setback): return .postponed(try await postpone(session, setback))
        case .visiting(let session): return .row(await visit(session))
        case .idle, .landed: return .failed
        }
    }

    /// Who speaks for the account now, asked afresh: a session must not outlive the account's move or deletion.
    private func authority(of session: PDSSession) async -> RefreshEvent {
        guard let did = DID(session.did) else { return .lost(reason: "stored DID is not valid") }
        do {
            let document = try await resolver.resolve(did: did, fresh: true)
            guard let pds = document.pds else { return .unreachable(reason: "no PDS in the DID document", retryAfter: nil) }
            let server = try await client.server(of: pds, fresh: true)
            guard server.issuer == session.issuer else { return .lost(reason: "another authorization server speaks for the account") }
            return .found(Authority(did: did, pds: pds, server: server))
        } catch IdentityError.tombstoned {
            return .lost(reason: "the account was deleted")
        } catch {
            let retryAfter = (error as? IdentityError)?.retryAfter ?? (error as? OAuthError)?.retryAfter
            return .unreachable(reason: "\(error)", retryAfter: retryAfter)
        }
    }

    private func note(_ errand: Errand) async throws -> RefreshEvent {
        let session = errand.session
        if session.intent?.tokenHash == errand.tokenHash {
            logger.notice("refresh.retried", metadata: log(session))
        }
        let isNoted = try await store.writeIntent(
            session.id, generation: session.generation, tokenHash: errand.tokenHash, now: clock.wallMilliseconds)
        guard isNoted else { return .changed(try await store.session(id: session.id)) }
        await observer?.refresh(of: errand.authority.did, reached: .intentWritten)
        return .noted
    }

    private func ask(_ errand: Errand) async -> RefreshOutcome {
        let outcome: RefreshOutcome
        do {
            outcome = await client.refresh(try await grant(errand.session, errand.secrets), at: errand.authority.server)
        } catch {
            outcome = .notSent(reason: "\(error)", retryAfter: nil)
        }
        await observer?.refresh(of: errand.authority.did, reached: .answered)
        return outcome
    }

    private func grant(_ session: PDSSession, _ secrets: SessionSecrets) async throws -> TokenGrant {
        TokenGrant(
            refreshToken: secrets.refreshToken,
            client: try await credentials.of(clientID: session.clientID, keyID: session.clientKey),
            key: try DPoPKey(rawRepresentation: secrets.proofKey))
    }

    func save(_ rotation: Rotation) async -> RefreshEvent {
        let session = rotation.errand.session
        do {
            let isLive = try await store.storeRotation(
                session.id, refreshToken: rotation.answer.refreshToken, pds: rotation.errand.authority.pds.text, now: rotation.answeredAt)
            await observer?.refresh(of: rotation.errand.authority.did, reached: .stored)
            return .saved(isLive: isLive)
        } catch {
            results.count(.unsaved)
            logger.critical("refresh.unsaved", metadata: log(session, reason: "\(error)"))
            return .failed
        }
    }

    private func store(_ tokens: ValidTokens, of rotation: Rotation) async throws -> PDSSession? {
        let session = rotation.errand.session
        try await store.storeAccess(
            session.id, accessToken: tokens.accessToken, expiresAt: rotation.answeredAt + tokens.lifetime.milliseconds,
            scope: tokens.scope)
        results.count(.rotated)
        logger.debug("refresh.done", metadata: log(session))
        return try await store.session(id: session.id)
    }

    private func bury(_ session: PDSSession, _ reason: String) async throws -> RefreshEvent {
        results.count(.dead)
        logger.notice("refresh.dead", metadata: log(session, reason: reason))
        try await store.storeDeath(session.id, reason: reason)
        return .done
    }

    /// Stores when the next try may be, and says how long that is.
    private func postpone(_ session: PDSSession, _ setback: Setback) async throws -> Duration {
        let (outcome, level, message): (RefreshResult, Logger.Level, Logger.Message) =
            switch setback.kind {
            case .notSent: (.notSent, .warning, "refresh.not_sent")
            case .clientRefused:
                (.clientRefused, .error, "refresh.client_refused")
            case .unknown: (.unknown, .warning, "refresh.unknown")
            case .invalid: (.invalid, .warning, "refresh.invalid")
            }
        results.count(outcome)
        logger.log(level: level, message, metadata: log(session, reason: setback.reason))
        let failures = session.failures + 1
        let delay = backoff.delay(failures: failures, asked: setback.asked, chance: .random(in: 0...1))
        try await store.storeFailure(
            session.id, failures: failures, retryAt: clock.wallMilliseconds + delay.milliseconds, isSettled: setback.isSettled)
        return delay
    }

    private func log(_ session: PDSSession, reason: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["did": "\(session.did)", "issuer": "\(session.issuer)"]
        if let reason { metadata["reason"] = "\(reason)" }
        return metadata
    }
}
