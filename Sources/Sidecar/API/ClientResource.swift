import MainLoop
import NIOHTTP1
import Server
import Store

/// Those who are here.
extension Router {
    nonisolated static let clientRoutes = [
        Route(
            .GET, "/api/v1/clients", needs: .serverRead,
            Operation(
                id: "listClients", group: .people, summary: "Everybody who is here, by nickname.", query: Operation.paging,
                answers: [.ok("A page of them", .page(of: ClientView.schema))])
        ) { router, request, token in
            try .json(PageAnswer(router.server.clientViews(try request.page(), for: token)))
        },
        Route(
            .GET, "/api/v1/clients/{nick}", needs: .serverRead,
            Operation(
                id: "getClient", group: .people, summary: "Somebody who is here.",
                answers: [.ok("The person", ClientView.schema), .problem(404, "Nobody of this nickname is here")])
        ) { router, request, token in
            guard let client = router.server.clientView(request.target.pathPart(3) ?? "", for: token) else { return try .noSuchPerson() }
            return try .json(client)
        },
    ]
}

extension HTTPResponse {
    static func noSuchPerson() throws -> HTTPResponse { try .problem(.notFound, "Nobody of this nickname is here") }
}

extension ClientView {
    static let schema = JSONSchema.object([
        "nick": .text("The nickname"),
        "user": .text("The user name; ~ says that nobody checked it"),
        "host": .text("What others see in place of the address"),
        "address": .text("The address of the newest connection"),
        "realname": .text("What the person calls itself"),
        "account": .text("The account; it is missing for guests").optional,
        "did": .text("The DID of the account").optional,
        "handle": .text("The handle of the DID").optional,
        "is_operator": .flag("Whether it operates the server"),
        "is_bot": .flag("Whether it says that it is a bot"),
        "is_secure": .flag("Whether all its connections are encrypted"),
        "away": .text("Why it is away").optional,
        "signed_on_at": .time("Since when it is here"),
        "connections": .integer("Its connections; 0 for those who stay without one"),
        "channels": .list("The channels it is in, as far as the token has channels:read for them", of: .text("A channel")),
    ])
}
