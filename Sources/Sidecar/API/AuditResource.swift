import MainLoop
import NIOHTTP1
import Server
import Store

/// What was done with the powers of an operator.
extension Router {
    nonisolated static let auditRoutes = [
        Route(
            .GET, "/api/v1/audit", needs: .audit,
            Operation(
                id: "listAudit", group: .audit, summary: "What operators, administrators and programs did, the newest first.",
                query: Operation.paging, answers: [.ok("A page of it", .page(of: AuditView.schema))])
        ) { router, request, _ in
            let (limit, number) = try request.numberedPage()
            return try .json(PageAnswer(try await router.server.auditViews(limit: limit, before: number)))
        }
    ]
}

extension AuditView {
    static let schema = JSONSchema.object([
        "id": .integer("Its number; a later one is larger"),
        "time": .time("When"),
        "action": .text("What was done, as in the log: operator.kill"),
        "actor": .text("Who did it: nick!user@host, the user at the admin socket, the token"),
        "account": .text("The account of that person").optional,
        "target": .text("To whom or what; may be empty"),
        "reason": .text("Why; may be empty"),
        "details": .texts("Everything else, by name"),
        "outcome": .oneOf("How it ended", ["done", "refused", "failed"]),
    ])
}
