import Store

/// What bringing a session up to date came to.
enum SessionProof: Hashable, Sendable {
    /// The authorization server vouched for the owner, and still does.
    case proven(PDSSession)
    /// Over; the person must sign in again.
    case dead
    /// The session does not exist any more.
    case gone
    /// Not known right now.
    case unavailable(retryAfter: Duration)
}
