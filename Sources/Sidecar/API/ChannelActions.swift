import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs do to channels.
extension Router {
    private struct Change: Decodable {
        let topic: String
    }

    private struct Why: Decodable {
        let reason: String?
    }

    nonisolated static let channelActions = [
        Route(
            .PATCH, "/api/v1/channels/{channel}", needs: .channelsAdmin,
            Operation(
                id: "changeChannel", group: .channels, summary: "Changes the topic of a channel.",
                body: .object(["topic": .text("The topic; an empty one takes it away")], isSent: true),
                answers: [.ok("The channel", ChannelView.schema), .noSuchChannel])
        ) { router, request, token in
            let topic = try request.body(Change.self).topic
            let channel: ChannelView
            do throws(ProgramRefusal) {
                channel = try router.server.setTopic(topic, of: request.channelName, by: token)
            } catch {
                return try HTTPResponse(error)
            }
            return try .json(channel)
        },
        Route(
            .DELETE, "/api/v1/channels/{channel}/members/{nick}", needs: .channelsAdmin,
            Operation(
                id: "kick", group: .channels, summary: "Throws somebody out of a channel.",
                query: [.init(name: "reason", schema: .reason)],
                answers: [.done(), .problem(404, "There is no such channel, the token is not for it, or the person is not in it")])
        ) { router, request, token in
            do throws(ProgramRefusal) {
                try router.server.kick(
                    request.target.pathPart(5) ?? "", from: request.channelName, reason: request.reason, by: token)
            } catch {
                return try HTTPResponse(error)
            }
            return HTTPResponse(.noContent)
        },
        Route(
            .PUT, "/api/v1/channels/{channel}/purge", needs: .channelsAdmin,
            Operation(
                id: "purgeChannel", group: .channels,
                summary: "Closes a channel for good: everybody is thrown out, and nobody may use its name.",
                body: .object(["reason": JSONSchema.reason.optional], isSent: true),
                answers: [.lines, .problem(404, "The token is not for this channel"), .refusedByService])
        ) { router, request, token in
            let reason = try request.body(Why.self).reason ?? ""
            let name = try router.purgeable(request, token)
            return try await router.run("PURGE ADD \(name) \(reason)", at: "chanserv", by: .administrator(token.actor), isSure: true)
        },
        Route(
            .DELETE, "/api/v1/channels/{channel}/purge", needs: .channelsAdmin,
            Operation(
                id: "openChannel", group: .channels, summary: "Lets people use the name of a closed channel again.",
                answers: [.lines, .problem(404, "The token is not for this channel"), .refusedByService])
        ) { router, request, token in
            let name = try router.purgeable(request, token)
            return try await router.run("PURGE DEL \(name)", at: "chanserv", by: .administrator(token.actor))
        },
    ]

    /// The name of the channel that is to be closed or opened, which need not be there.
    ///
    /// - Throws: ``Refusal`` when it is no name, or the token is not for it.
    private func purgeable(_ request: HTTPRequest, _ token: APIToken) throws -> String {
        guard let name = server.closableChannel(request.channelName, for: token) else {
            throw Refusal(response: try .noSuchChannel())
        }
        return name
    }
}
