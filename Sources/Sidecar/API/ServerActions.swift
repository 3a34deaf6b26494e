import Logging
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs do to the server as a whole.
extension Router {
    private struct Level: Codable {
        let level: String
    }

    private struct Lines: Encodable {
        let title: String
        let status: Int
        let lines: [String]
    }

    nonisolated static let serverActions = [
        Route(
            .POST, "/api/v1/server/rehash", needs: .serverAdmin,
            Operation(
                id: "rehash", group: .server, summary: "Reads the configuration and the certificates again, as HUP does.",
                answers: [.lines, .refusedByService])
        ) { router, _, token in
            guard let control = router.control else { return try .problem(.serviceUnavailable, "The server is starting or stopping") }
            let answer = await control.rehash(by: token.actor)
            guard answer.isRefusal else { return try .json(["lines": answer.lines]) }
            return try .problem(.unprocessableEntity, Lines(title: "The configuration is not read", status: 422, lines: answer.lines))
        },
        Route(
            .GET, "/api/v1/server/loglevel", needs: .serverAdmin,
            Operation(
                id: "getLogLevel", group: .server, summary: "How much is logged.", answers: [.ok("The level", levelSchema)])
        ) { router, _, _ in
            guard let control = router.control else { return try .problem(.serviceUnavailable, "The server is starting or stopping") }
            return try .json(Level(level: control.currentLogLevel))
        },
        Route(
            .PUT, "/api/v1/server/loglevel", needs: .serverAdmin,
            Operation(
                id: "setLogLevel", group: .server, summary: "Changes how much is logged, until the next start.", body: levelSchema,
                answers: [.ok("The level", levelSchema)])
        ) { router, request, token in
            let level = try request.body(Level.self).level
            guard let control = router.control else { return try .problem(.serviceUnavailable, "The server is starting or stopping") }
            guard control.setLogLevel(level, by: token.actor) else { return try .problem(.badRequest, "There is no such level") }
            return try .json(Level(level: control.currentLogLevel))
        },
    ]

    private nonisolated static let levelSchema = JSONSchema.object([
        "level": .oneOf("How much is logged", Logger.Level.allCases.map(\.rawValue))
    ])
}
