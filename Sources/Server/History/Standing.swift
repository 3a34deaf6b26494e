import IRCProtocol
import Store

/// Messages as they stand after all that was said about them. Every view of history goes through this; those that can tell their
/// readers of each change (``HistoryAnswer``) take parts of it.
extension [StoredMessage] {
    /// Each message once, with its newest text, marked as edited, with the reactions to it in its tags, in the place of its first
    /// revision; where that is not among them, in the place of the newest one that is.
    ///
    /// - Parameter subjects: what belongs to the messages and stands elsewhere; what stands among them may be in it too.
    func asTheyStand(_ subjects: [StoredMessage]) -> [StoredMessage] {
        let (places, newest) = (places, (self + subjects).newestRevisions)
        return filter { $0.kind.isSpoken ? places[$0.root] == $0.id : $0.kind != .tagmsg || $0.subject == nil }.map { message in
            guard message.kind.isSpoken, let revision = newest[message.root], revision.id != message.id else { return message }
            var message = message
            message.text = revision.text
            // A message is not an edit of itself.
            let tags = message.tags.split(separator: ";").map(String.init).filter { $0 != "+draft/edit=\(message.id)" }
            message.tags = (tags + [ServerTag.edited.rawValue + "=1"]).joined(separator: ";")
            return message
        }.folding(subjects)
    }

    /// The messages with the reactions in `subjects` folded into their tags.
    func folding(_ subjects: [StoredMessage]) -> [StoredMessage] {
        let (places, rows) = (places, Dictionary(grouping: subjects) { $0.subject ?? "" })
        return map { message in
            guard places[message.root] == message.id, let tag = rows[message.root].flatMap({ Reactions($0).tag }) else { return message }
            var message = message
            message.tags += (message.tags.isEmpty ? "" : ";") + tag
            return message
        }
    }

    /// The newest revision of each message, by the id of the first one.
    var newestRevisions: [String: StoredMessage] {
        Dictionary(lazy.filter(\.kind.isSpoken).map { ($0.root, $0) }) { $0.sequence < $1.sequence ? $1 : $0 }
    }

    /// The id of the row that stands for a message, by the id of its first revision.
    private var places: [String: String] {
        Dictionary(map { ($0.root, $0) }) { $0.id == $0.root ? $0 : $1 }.mapValues(\.id)
    }
}

extension StoredMessage {
    /// The reactions that were folded into it, as text; nil when there are none.
    var reactions: String? { TagSection(raw: tags).value(of: ServerTag.reactions.rawValue) }
}
