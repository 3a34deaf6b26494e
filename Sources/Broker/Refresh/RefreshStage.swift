import ATProto
import Store

/// What is under way for one session, with all that it needs.
enum RefreshStage: Hashable, Sendable {
    case idle
    /// The session is read.
    case reading
    /// It waits until its server may be asked.
    case queueing(PDSSession)
    /// Who speaks for the account is asked.
    case finding(PDSSession)
    /// Its secrets are read.
    case opening(PDSSession, Authority)
    /// That the token is about to be sent is stored.
    case noting(Errand)
    /// The token is sent, once.
    case asking(Errand)
    /// The rotated token is stored; `attempt` counts from 1.
    case saving(attempt: Int)
    /// The database did not take it; a pause before the next attempt.
    case pausing(attempt: Int)
    /// The access token is stored.
    case storing(Rotation, ValidTokens)
    /// What the server gave is given back, and the session ends if there is a reason; without one it has ended already.
    case returning(Rotation, reason: String?)
    /// The end of the session is stored.
    case burying(PDSSession, reason: String)
    /// When to try again is stored.
    case postponing(PDSSession, Setback)
    /// The owner is proven; the handle is looked at and the use noted.
    case visiting(PDSSession)
    /// What came of it.
    case landed(SessionProof)

    /// Whether its server need not be asked any more.
    var isBeyondServer: Bool {
        switch self {
        case .visiting, .landed: true
        default: false
        }
    }
}

/// Why a refresh brought nothing, for now.
struct Setback: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// The token was not taken.
        case notSent
        /// The token was not taken because of what this client is; the operator's business.
        case clientRefused
        /// The server may or may not have taken the token.
        case unknown
        /// The token was rotated and is stored, but the rest of the answer is not acceptable.
        case invalid
    }

    let kind: Kind
    /// For the log.
    let reason: String
    /// How long the server wants to be left alone.
    let asked: Duration?
    /// Whether it is known what became of the token; otherwise the note that it was sent stays.
    let isSettled: Bool
}
