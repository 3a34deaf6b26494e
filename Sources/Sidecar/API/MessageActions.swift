import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs say.
extension Router {
    private struct Said: Decodable {
        let text: String
        let kind: String?
    }

    nonisolated static let messageActions = [
        Route(
            .POST, "/api/v1/channels/{channel}/messages", needs: .messagesSend,
            Operation(
                id: "sendMessage", group: .messages, summary: "Says something in a channel, as the name of the token with /api behind it.",
                body: .object(
                    [
                        "text": .text("One line", length: 1...World.programTextLimit),
                        "kind": JSONSchema.oneOf("PRIVMSG, which it is where it is left out, or NOTICE", ["message", "notice"]).optional,
                    ], isSent: true),
                answers: [
                    .init(
                        status: 201, what: "It is said",
                        content: .json(.object(["id": .text("The msgid"), "time": .time("When")]))),
                    .noSuchChannel, .problem(422, "The modes or bans of the channel are against it"),
                ])
        ) { router, request, token in
            let said = try request.body(Said.self)
            guard ["message", "notice"].contains(said.kind ?? "message") else {
                return try .problem(.badRequest, "kind is message or notice")
            }
            let view: SaidView
            do throws(ProgramRefusal) {
                view = try router.server.say(said.text, isNotice: said.kind == "notice", in: request.channelName, by: token)
            } catch {
                return try HTTPResponse(error)
            }
            var response = try HTTPResponse.json(view)
            response.status = .created
            return response
        }
    ]
}
