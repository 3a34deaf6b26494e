/// Which rows of a conversation a reader understands.
package enum HistoryView: Sendable, Equatable {
    /// PRIVMSG and NOTICE.
    case spoken
    /// Also TAGMSG and what happened (draft/event-playback).
    case everything
}

/// Which part of a conversation is asked for (draft/chathistory). Bounds themselves are not part of the answer.
package enum HistorySelector: Sendable, Equatable {
    /// A place in a conversation.
    package enum Bound: Sendable, Equatable {
        /// A msgid.
        case id(String)
        /// Milliseconds since 1970.
        case time(Int64)
    }

    /// The newest ones, as far as they came after the bound.
    case latest(after: Bound?)
    /// Those nearest before.
    case before(Bound)
    /// Those nearest after.
    case after(Bound)
    /// Half before, half after, with the message itself.
    case around(Bound)
    /// From the first bound towards the second.
    case between(Bound, Bound)
}
