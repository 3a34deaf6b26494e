import MainLoop
import NIOHTTP1
import Server
import Store

/// Accounts, for those who run the server.
extension Router {
    nonisolated static let accountRoutes = [
        Route(
            .GET, "/api/v1/accounts", needs: .accountsRead,
            Operation(
                id: "listAccounts", group: .accounts, summary: "All accounts, by name.", query: Operation.paging,
                answers: [.ok("A page of them", .page(of: AccountView.schema))])
        ) { router, request, _ in
            try .json(PageAnswer(try await router.server.accountViews(try request.page())))
        },
        Route(
            .GET, "/api/v1/accounts/{account}", needs: .accountsRead,
            Operation(
                id: "getAccount", group: .accounts, summary: "An account.",
                answers: [.ok("The account", AccountView.schema), .noSuchAccount])
        ) { router, request, _ in
            guard let account = try await router.server.accountView(request.target.pathPart(3) ?? "") else {
                return try .problem(.notFound, "There is no such account")
            }
            return try .json(account)
        },
    ]
}

extension Operation.Answer {
    static let noSuchAccount = problem(404, "There is no such account")
}

extension AccountView {
    static let schema = JSONSchema.object([
        "name": .text("Its name: a DID, or the name of a local account"),
        "did": .text("The DID that opens it").optional,
        "created_at": .time("When it was made"),
        "last_login_at": .time("When somebody last logged in to it").optional,
        "has_password": .flag("Whether it has a password"),
        "is_operator": .flag("Whether it may operate the server"),
        "is_suspended": .flag("Whether it is closed"),
        "suspension_reason": .text("Why").optional,
        "nicks": .list("The nicknames of those who are here with it", of: .text("A nickname")),
    ])
}
