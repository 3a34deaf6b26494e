import MainLoop
import NIOHTTP1
import Server
import Store

/// The bans of the server and the exemptions from them.
extension Router {
    nonisolated static let banRoutes = [
        Route(
            .GET, "/api/v1/bans", needs: .bans,
            Operation(
                id: "listBans", group: .bans, summary: "All bans of the server and exemptions from them, oldest first.",
                query: Operation.paging, answers: [.ok("A page of them", .page(of: BanView.schema))])
        ) { router, request, _ in
            let (limit, number) = try request.numberedPage()
            return try .json(PageAnswer(router.server.banViews(limit: limit, after: number)))
        }
    ]
}

extension BanView {
    static let schema = JSONSchema.object([
        "id": .integer("Its number"),
        "mask": .text("Whom it catches"),
        "action": .oneOf("What happens to those", ["reject", "require-login", "exempt"]),
        "reason": .text("What they are told"),
        "operator_reason": .text("What only operators read; may be empty"),
        "set_by": .text("Who set it"),
        "set_at": .time("When"),
        "expires_at": .time("When it ends; it is missing when it lasts until somebody takes it off").optional,
    ])
}
