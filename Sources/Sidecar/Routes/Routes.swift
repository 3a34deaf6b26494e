import NIOHTTP1

extension Router {
    /// Everything this server answers.
    nonisolated static let allRoutes: [Route] = [
        Route(.GET, "/") { router, _ in router.welcome() },
        Route(.GET, "/health") { router, _ in try router.health() },
        Route(.GET, webSocketPath) { router, request in router.webSocketRefusal(request) },
        Route(.GET, "/.well-known/did.json") { router, _ in router.didDocument() },
        Route(.GET, "/client-metadata.json") { router, _ in router.clientMetadata() },
        Route(.GET, "/auth/login") { router, request in await router.beginLogin(request) },
        Route(.GET, "/auth/callback") { router, request in await router.finishLogin(request) },
        Route(.GET, "/export") { router, request in try await router.export(request) },
        Route(.GET, "/api/v1/channels/*/pins") { router, request in try await router.pins(request, of: request.target.pathPart(3) ?? "") },
        Route(.POST, "/api/v1/services/*") { router, request in
            try await router.command(request, to: request.target.pathPart(3) ?? "")
        },
        Route(.POST, "/session") { router, request in try await router.session(request) },
    ]

    /// Where IRC over WebSocket is.
    nonisolated static let webSocketPath = "/irc"
    /// Many clients ask at the root when they are given a host and nothing else.
    nonisolated static let webSocketPaths: Set<String> = ["/", webSocketPath]
}
