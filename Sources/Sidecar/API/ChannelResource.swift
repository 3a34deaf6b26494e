import MainLoop
import NIOHTTP1
import Server
import Store

/// Channels and who is in them.
extension Router {
    nonisolated static let channelRoutes = [
        Route(
            .GET, "/api/v1/channels", needs: .channelsRead,
            Operation(
                id: "listChannels", group: .channels, summary: "The channels that the token may read of, by name.",
                query: Operation.paging, answers: [.ok("A page of them", .page(of: ChannelView.schema))])
        ) { router, request, token in
            try .json(PageAnswer(router.server.channelViews(try request.page(), for: token)))
        },
        Route(
            .GET, "/api/v1/channels/{channel}", needs: .channelsRead,
            Operation(
                id: "getChannel", group: .channels, summary: "A channel.",
                answers: [.ok("The channel", ChannelView.schema), .noSuchChannel])
        ) { router, request, token in
            guard let channel = router.server.channelView(request.channelName, for: token) else { return try .noSuchChannel() }
            return try .json(channel)
        },
        Route(
            .GET, "/api/v1/channels/{channel}/members", needs: .channelsRead,
            Operation(
                id: "listMembers", group: .channels, summary: "Who is in a channel, by nickname.", query: Operation.paging,
                answers: [.ok("A page of them", .page(of: MemberView.schema)), .noSuchChannel])
        ) { router, request, token in
            guard let members = router.server.memberViews(of: request.channelName, try request.page(), for: token) else {
                return try .noSuchChannel()
            }
            return try .json(PageAnswer(members))
        },
    ]
}

extension HTTPRequest {
    /// The part of the path behind `/api/v1/channels/`, with or without `#`.
    var channelName: String { target.pathPart(3) ?? "" }
}

extension HTTPResponse {
    static func noSuchChannel() throws -> HTTPResponse { try .problem(.notFound, "There is no such channel") }
}

extension Operation.Answer {
    static let noSuchChannel = problem(404, "There is no such channel, or the token is not for it")
}

extension ChannelView {
    static let schema = JSONSchema.object([
        "name": .text("Its name"),
        "created_at": .time("Since when it is there"),
        "topic": JSONSchema.object(
            [
                "text": .text("The topic"),
                "set_by": .text("The nick!user@host of who set it"),
                "set_at": .time("When"),
            ], what: "The topic, where there is one"
        ).optional,
        "modes": .text("Its modes and their parameters, as MODE tells them; a key is shown as *"),
        "members": .integer("How many are in it"),
        "founder": .text("The account that it belongs to").optional,
    ])
}

extension MemberView {
    static let schema = JSONSchema.object([
        "nick": .text("The nickname"),
        "account": .text("The account; it is missing for guests").optional,
        "ranks": .list("The ranks it has here", of: .oneOf("A rank", ["founder", "admin", "op", "halfop", "voice"])),
        "is_operator": .flag("Whether it operates the server"),
        "is_bot": .flag("Whether it says that it is a bot"),
        "away": .text("Why it is away").optional,
    ])
}
