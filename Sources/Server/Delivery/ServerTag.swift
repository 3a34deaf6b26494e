/// The tags that the server itself puts on lines (IRCv3 message-tags, freeq).
enum ServerTag: String, CaseIterable {
    case account
    case batch
    case bot
    case chathistoryContext = "draft/chathistory-context"
    case chathistoryEnd = "draft/chathistory-end"
    case event = "roost.chat/event"
    case edited = "+freeq.at/edited"
    case label
    case messageID = "msgid"
    case multilineConcat = "draft/multiline-concat"
    case oper = "draft/oper"
    case partner = "freeq.at/partner-did"
    case pin = "+freeq.at/pin"
    case reactions = "+freeq.at/reactions"
    case relayed = "draft/relaymsg"
    case time
    case unpin = "+freeq.at/unpin"

    /// What it means, for the manual.
    var meaning: String {
        switch self {
        case .account: "the account of who did it (account-tag)"
        case .batch: "the batch that the line belongs to"
        case .bot: "a bot did it"
        case .chathistoryContext: "the line belongs to the message before it, and was not asked for (CHATHISTORY)"
        case .chathistoryEnd: "on BATCH: there is nothing beyond this page"
        case .event: "what a notice to operators tells, as a JSON object with the name of the event and its fields"
        case .edited: "the text of a message in the history is not its first one"
        case .label: "the label of the command that the line answers (labeled-response)"
        case .messageID: "the id of the message, for life"
        case .multilineConcat: "the line goes on where the one before ended (draft/multiline)"
        case .oper: "an operator of the server did it (draft/oper-tag)"
        case .partner: "the DID of the other side of a conversation (CHATHISTORY TARGETS)"
        case .pin: "on NOTICE: the id of the message that was pinned"
        case .reactions: "the reactions to a message in the history: reaction:nick,nick;… (for clients without event-playback)"
        case .relayed: "the nickname of the bridge that said it for somebody elsewhere (draft/relaymsg)"
        case .time: "when it happened (server-time)"
        case .unpin: "on NOTICE: the id of the message that is pinned no more"
        }
    }
}
