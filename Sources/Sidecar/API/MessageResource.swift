import MainLoop
import NIOHTTP1
import Server
import Store

/// What is said in channels.
extension Router {
    nonisolated static let messageRoutes = [
        Route(
            .GET, "/api/v1/channels/{channel}/messages", needs: .messagesRead,
            Operation(
                id: "listMessages", group: .messages,
                summary: "What was said in a channel, oldest first: the newest page, and by its cursor what came before.",
                query: Operation.paging + [
                    .init(
                        name: "after",
                        schema: .text("The id of a message: the page and its cursor lead on from there instead", length: 1...64))
                ],
                answers: [
                    .ok("A page of messages", .page(of: MessageView.schema)),
                    .problem(404, "There is no such channel, the token is not for it, or history does not have the message any more"),
                ])
        ) { router, request, token in
            let (page, isForward, place) = try request.messagePlace()
            do {
                guard
                    let found = try await router.server.messageViews(of: request.channelName, place, limit: page.limit, for: token)
                else { return try .noSuchChannel() }
                return try .json(PageAnswer(found) { (isForward ? ">" : "<") + $0 })
            } catch HistoryError.unknownMessage {
                return try .problem(.notFound, "The history of this channel does not have this message")
            }
        }
    ]
}

extension HTTPRequest {
    /// Which part of the history is asked for. A cursor knows in which direction it leads.
    fileprivate func messagePlace() throws -> (page: PageRequest, isForward: Bool, place: MessagePlace) {
        let page = try page()
        if let cursor = page.after {
            let id = String(cursor.dropFirst())
            switch cursor.first {
            case "<": return (page, false, .before(id))
            case ">": return (page, true, .after(id))
            default: throw try Cursor.refusal()
            }
        }
        guard let after = target.item("after") else { return (page, false, .newest) }
        guard !after.isEmpty, after.count <= 64 else {
            throw Refusal(response: try .problem(.badRequest, "after is the id of a message"))
        }
        return (page, true, .after(after))
    }
}

extension MessageView {
    static let schema = JSONSchema.object([
        "id": .text("The msgid"),
        "channel": .text("The channel"),
        "time": .time("When"),
        "kind": .oneOf("PRIVMSG or NOTICE", ["message", "notice"]),
        "nick": .text("The nickname of its author at that time"),
        "source": .text("The nick!user@host of its author at that time"),
        "account": .text("The account of its author; it is missing for guests").optional,
        "text": .text("What was said, as it stands now"),
        "is_edited": .flag("Whether that is not the first text"),
        "reply_to": .text("The id of the message that it answers").optional,
    ])
}
