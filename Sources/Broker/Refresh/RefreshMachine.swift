import ATProto
import Store

/// The refreshes of one session as a value: what happened goes in, what is to be done next comes out. It does nothing by
/// itself, so that `RefreshModelTests` can walk through all that may happen to it.
///
/// The order survives a crash at any point: identity and issuer; the note that the token is about to be sent, durable; the
/// request; the rotated token, durable; only then a look at the rest of the answer.
struct RefreshMachine: Hashable, Sendable {
    /// What came of a call.
    enum Entry: Hashable, Sendable {
        case answered(SessionProof)
        /// A flight is under way; its proof is the answer.
        case joined
        /// A flight begins; see ``stage``.
        case begun
    }

    /// What is to be done now.
    var stage = RefreshStage.idle
    /// A rotation that the database has not taken. It is stored before anything else is done with the session.
    var unsaved: Rotation?
    /// Of the session.
    let id: String
    /// How long to wait when nothing better is known.
    private let firstRetry: Duration
    /// Of the flight: an access token with less than this left is not fresh (milliseconds).
    private var margin: Int64 = 0
    /// Whether the flight began with a rotation of an earlier one: what its server said may be long ago.
    private var beganUnsaved = false

    init(id: String, firstRetry: Duration) {
        (self.id, self.firstRetry) = (id, firstRetry)
    }

    /// The owner asks for a proof.
    ///
    /// - Parameters:
    ///   - session: the row as just read; a flight reads it again.
    ///   - needsVisit: whether there is more to do than to look at the access token.
    ///   - now: milliseconds since 1970.
    mutating func call(_ session: PDSSession, margin: Int64, needsVisit: Bool, now: Int64) -> Entry {
        if case .dead = session.state { return .answered(.dead) }
        if unsaved == nil, !needsVisit, session.isFresh(margin: margin, now: now) { return .answered(.proven(session)) }
        guard stage == .idle else { return .joined }
        self.margin = margin
        beganUnsaved = unsaved != nil
        stage = unsaved == nil ? .reading : .saving(attempt: 1)
        return .begun
    }

    /// The proof was handed out.
    mutating func rest() {
        stage = .idle
    }

    /// Goes on from ``stage`` with what came of it. Anything that does not belong to the stage is a failure of it.
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func handle(_ event: RefreshEvent, now: Int64) {
        switch (stage, event) {
        case (.reading, .row(let session)): stage = next(session, now: now)
        case (.queueing(let session), .done): stage = .finding(session)
        case (.finding(let session), .found(let authority)): stage = .opening(session, authority)
        case (.finding(let session), .lost(let reason)): stage = .burying(session, reason: reason)
        case (.finding(let session), .unreachable(let reason, let retryAfter)):
            stage = notSent(session, .notSent, reason, retryAfter)
        case (.opening(let session, let authority), .secrets(let secrets)):
            stage = secrets.map { .noting(Errand(session: session, authority: authority, secrets: $0)) } ?? .landed(.dead)
        case (.noting(let errand), .noted): stage = .asking(errand)
        case (.noting, .changed(let session)): stage = .landed(session.map { $0.isDead ? .dead : later } ?? .gone)
        case (.asking(let errand), .outcome(let outcome)): stage = after(outcome, of: errand, now: now)
        case (.saving, .saved(let isLive)): stage = afterSaving(isLive: isLive)
        case (.saving(let attempt), .failed) where attempt < 3: stage = .pausing(attempt: attempt)
        case (.pausing(let attempt), .done): stage = .saving(attempt: attempt + 1)
        case (.returning(let rotation, let reason?), .done): stage = .burying(rotation.errand.session, reason: reason)
        // Should the database not take the end, the answer is the same and the next call finds out again.
        case (.returning, .done), (.burying, .done), (.burying, .failed): stage = .landed(.dead)
        case (.postponing(let session, let setback), .postponed(let delay)):
            let isVouchedFor = setback.kind != .invalid && session.isVouchedFor(now: now)
            stage = isVouchedFor ? .visiting(session) : .landed(.unavailable(retryAfter: delay))
        case (.storing, .row(let session?)) where !beganUnsaved && !session.isDead: stage = .visiting(session)
        case (.storing, .row(let session)): stage = next(session, now: now)
        case (.visiting, .row(let session)): stage = .landed(session.map { $0.isDead ? .dead : .proven($0) } ?? .gone)
        default: stage = .landed(later)
        }
    }

    private var later: SessionProof { .unavailable(retryAfter: firstRetry) }

    private func next(_ session: PDSSession?, now: Int64) -> RefreshStage {
        guard let session else { return .landed(.gone) }
        if session.isDead { return .landed(.dead) }
        if session.isFresh(margin: margin, now: now) { return .visiting(session) }
        guard let wait = session.wait(now: now) else { return .queueing(session) }
        return session.isVouchedFor(now: now) ? .visiting(session) : .landed(.unavailable(retryAfter: wait))
    }

    private mutating func after(_ outcome: RefreshOutcome, of errand: Errand, now: Int64) -> RefreshStage {
        let session = errand.session
        switch outcome {
        case .rotated(let answer):
            unsaved = Rotation(errand: errand, answer: answer, answeredAt: now)
            beganUnsaved = false
            return .saving(attempt: 1)
        case .dead(let reason): return .burying(session, reason: reason)
        case .unknown(let reason, let retryAfter):
            return .postponing(session, Setback(kind: .unknown, reason: reason, asked: retryAfter, isSettled: false))
        case .notSent(let reason, let retryAfter): return notSent(session, .notSent, reason, retryAfter)
        case .clientRefused(let reason, let retryAfter): return notSent(session, .clientRefused, reason, retryAfter)
        }
    }

    /// An earlier request may still have gone through: its note stays until an answer is stored.
    private func notSent(_ session: PDSSession, _ kind: Setback.Kind, _ reason: String, _ retryAfter: Duration?) -> RefreshStage {
        .postponing(session, Setback(kind: kind, reason: reason, asked: retryAfter, isSettled: session.intent == nil))
    }

    /// Looks at an answer whose refresh token is stored.
    private mutating func afterSaving(isLive: Bool) -> RefreshStage {
        guard let rotation = unsaved else { return .landed(later) }
        unsaved = nil
        guard isLive else { return .returning(rotation, reason: nil) }
        do {
            return .storing(rotation, try rotation.answer.validated(for: rotation.errand.authority.did))
        } catch .otherSubject {
            return .returning(rotation, reason: "the server answered for another account")
        } catch {
            return .postponing(
                rotation.errand.session, Setback(kind: .invalid, reason: error.description, asked: nil, isSettled: true))
        }
    }
}
