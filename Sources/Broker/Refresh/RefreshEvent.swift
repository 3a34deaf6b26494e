import ATProto
import Store

/// What came of the stage of a ``RefreshMachine``.
enum RefreshEvent: Sendable {
    /// Done, and there is nothing to say about it.
    case done
    /// The database failed. What was to be written may be there or not.
    case failed
    /// The session as stored; nil: it does not exist.
    case row(PDSSession?)
    case found(Authority)
    /// The account is gone, or another server speaks for it now.
    case lost(reason: String)
    /// Nobody can say who speaks for the account.
    case unreachable(reason: String, retryAfter: Duration?)
    /// Nil: they were wiped.
    case secrets(SessionSecrets?)
    /// The note is on disk.
    case noted
    /// The session changed since it was read, to this, so nothing was noted.
    case changed(PDSSession?)
    case outcome(RefreshOutcome)
    /// The rotated token is on disk, unless the session was ended meanwhile.
    case saved(isLive: Bool)
    /// The next try is to be this far away.
    case postponed(Duration)
}
