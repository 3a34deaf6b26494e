import MainLoop
import NIOHTTP1
import Server
import Store

/// What those who run a channel keep in sight.
extension Router {
    nonisolated static let pinRoutes = [
        Route(
            .GET, "/api/v1/channels/{channel}/pins", for: .anybodyOrPerson,
            Operation(
                id: "listPins", group: .messages, summary: "The pinned messages of an open channel, or of one that the person is in.",
                answers: [
                    .ok(
                        "The pins, oldest first",
                        .object(["channel": .text("The channel"), "pins": .list("The pins", of: PublicPin.schema)])),
                    .problem(404, "There is no such channel that you may read"),
                ])
        ) { router, request, visitor in try await router.pins(of: request.channelName, for: visitor) }
    ]
}

extension PublicPin {
    static let schema = JSONSchema.object([
        "msgid": .text("The msgid"),
        "from": .text("The nickname of its author at that time"),
        "text": .text("What was said"),
        "timestamp": .time("When"),
        "pinned_by": .text("The nickname of who pinned it"),
        "pinned_at": .integer("When, in seconds since 1970"),
    ])
}
