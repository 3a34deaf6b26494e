import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs do to accounts.
extension Router {
    private struct Why: Decodable {
        let reason: String?
    }

    nonisolated static let accountActions = [
        Route(
            .PUT, "/api/v1/accounts/{account}/suspension", needs: .accountsAdmin,
            Operation(
                id: "suspendAccount", group: .accounts, summary: "Closes an account and disconnects whoever uses it.",
                body: .object(["reason": JSONSchema.reason.optional], isSent: true),
                answers: [.lines, .noSuchAccount, .refusedByService])
        ) { router, request, token in
            let reason = try request.body(Why.self).reason ?? ""
            return try await router.change(request, "SUSPEND", reason, token)
        },
        Route(
            .DELETE, "/api/v1/accounts/{account}/suspension", needs: .accountsAdmin,
            Operation(
                id: "unsuspendAccount", group: .accounts, summary: "Opens an account again.",
                answers: [.lines, .noSuchAccount, .refusedByService])
        ) { router, request, token in try await router.change(request, "UNSUSPEND", "", token) },
    ]

    private func change(_ request: HTTPRequest, _ verb: String, _ reason: String, _ token: APIToken) async throws -> HTTPResponse {
        guard let account = try await server.accountView(request.target.pathPart(3) ?? "") else {
            return try .problem(.notFound, "There is no such account")
        }
        return try await run("\(verb) \(account.name) \(reason)", at: "nickserv", by: .administrator(token.actor))
    }
}
