import MainLoop
import NIOHTTP1
import Server
import Store

/// Commands to services.
extension Router {
    nonisolated static let serviceRoutes = [
        Route(
            .POST, "/api/v1/services/{service}", for: .programOrPerson(.services),
            Operation(
                id: "command", group: .services,
                summary: "Gives a command to a service, with the powers of an operator, or as the person of the connection.",
                body: .object(["command": .text("The command and its arguments: INFO alice", length: 0...4096)], isSent: true),
                answers: [
                    .lines, .problem(400, "The body makes no sense"), .problem(404, "There is no such service"), .refusedByService,
                ])
        ) { router, request, visitor in
            try await router.command(request, to: request.target.pathPart(3) ?? "", by: visitor)
        }
    ]
}
