package import Foundation
package import GRDB

/// One message as history keeps it.
package struct StoredMessage: Sendable, Hashable {
    package enum Kind: Int, Sendable, Hashable {
        case privmsg = 0
        case notice = 1
        case tagmsg = 2
        // What happened in a channel (draft/event-playback).
        case join = 10
        case part = 11
        case quit = 12
        case nick = 13
        case kick = 14
        case mode = 15
        case topic = 16

        /// The command on the wire.
        package var verb: String {
            switch self {
            case .privmsg: "PRIVMSG"
            case .notice: "NOTICE"
            case .tagmsg: "TAGMSG"
            case .join: "JOIN"
            case .part: "PART"
            case .quit: "QUIT"
            case .nick: "NICK"
            case .kick: "KICK"
            case .mode: "MODE"
            case .topic: "TOPIC"
            }
        }

        /// Whether it is PRIVMSG or NOTICE: what everybody may read who reads history.
        package var isSpoken: Bool { self == .privmsg || self == .notice }
    }

    /// Its place in the order of everything that was ever said here.
    package var sequence: Int64
    /// The `msgid`.
    package var id: String
    /// See ``Conversation``.
    package var conversation: String
    /// Milliseconds since 1970; never before the one of the message before.
    package var time: Int64
    package var kind: Kind
    /// `nick!user@host` at that time.
    package var source: String
    package var account: String?
    /// Client-only tags as on the wire; `""` when there are none.
    package var tags: String
    package var text: Data
    /// For direct messages, the name of who got it; nil in channels.
    package var recipient: String?
    /// Of an event: the parameters between the channel and the text, with spaces between them. Of a JOIN: the account, or `*`.
    package var parameters: String
    /// Tells which connection it came from, for those without an account.
    package var connection: Int64?
    /// The id of the message that it changes, or reacts to; of an edit always the first of all revisions.
    package var subject: String?

    package init(
        sequence: Int64, id: String, conversation: String, time: Int64, kind: Kind, source: String, account: String?, tags: String,
        text: Data, recipient: String?, parameters: String = "", connection: Int64? = nil, subject: String? = nil
    ) {
        (self.sequence, self.id, self.conversation, self.time, self.kind) = (sequence, id, conversation, time, kind)
        (self.source, self.account, self.tags, self.text, self.recipient) = (source, account, tags, text, recipient)
        (self.parameters, self.connection, self.subject) = (parameters, connection, subject)
    }

    /// The id of the first revision of it.
    package var root: String { kind.isSpoken ? subject ?? id : id }
}

extension StoredMessage: FetchableRecord {
    /// What a query selects, in this order: columns are read by their position, since a name is looked up for every value of every row.
    static let columns =
        "sequence, id, conversation, time, kind, source, account, tags, text, recipient, parameters, connection, subject"

    package init(row: Row) {
        self.init(
            sequence: row[0], id: row[1], conversation: row[2], time: row[3], kind: Kind(rawValue: row[4]) ?? .privmsg, source: row[5],
            account: row[6], tags: row[7], text: row[8], recipient: row[9], parameters: row[10], connection: row[11], subject: row[12])
    }
}
