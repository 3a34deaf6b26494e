import IRCProtocol
import MainLoop

/// Tells people that a message is gone, so that their clients take it out of sight: REDACT to those with draft/message-redaction, a
/// TAGMSG with `+draft/delete` to the others who take tags.
@LoopActor
struct DeletionNotice {
    /// Revisions of a message that are announced: clients that know no edits show each as a message of its own.
    static let announcedRevisions = 50

    private var lines: [(line: Line, capability: Capability)]

    /// - Parameters:
    ///   - ids: those of all revisions, the first one first.
    ///   - name: the conversation, as those who are told call it.
    ///   - event: makes a line of whoever deletes it, from a verb, parameters and a text.
    init?(of ids: [String], in name: String, reason: String? = nil, by event: (String, [String], String?) -> Line) {
        guard let root = ids.first else { return nil }
        lines = ([root] + ids.dropFirst().suffix(Self.announcedRevisions)).map { (event("REDACT", [name, $0], reason), .messageRedaction) }
        var tagged = event("TAGMSG", [name], nil)
        tagged.tags.clientOnly = "+draft/delete=\(TagSection.escape(root))"
        lines.append((tagged, .messageTags))
    }

    func send(to sessions: some Sequence<Session>) {
        for session in sessions {
            for (line, capability) in lines where session.capabilities.contains(capability) {
                guard capability == .messageRedaction || !session.capabilities.contains(.messageRedaction) else { continue }
                session.send(line)
            }
        }
    }
}
