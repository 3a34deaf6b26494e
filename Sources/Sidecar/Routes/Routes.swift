import NIOHTTP1
import Server

extension Router {
    /// Everything this server answers.
    nonisolated static let allRoutes: [Route] = [
        Route(.GET, "/") { router, request in router.front(request) },
        Route(.GET, "/about") { router, _ in router.welcome() },
        Route(.GET, "/sw.js") { router, request in router.clientFile(request) },
        Route(.GET, "/icon.svg") { router, request in router.clientFile(request) },
        Route(.GET, "/manifest.webmanifest") { router, request in router.clientFile(request) },
        Route(.GET, "/client/*/*") { router, request in router.clientFile(request) },
        Route(.GET, "/client/*/*/*") { router, request in router.clientFile(request) },
        Route(.POST, "/client/report") { router, request in router.policyReport(request) },
        Route(.GET, "/health") { router, _ in try router.health() },
        Route(.GET, "/livez") { router, _ in try router.alive() },
        Route(.GET, "/readyz") { router, _ in try await router.ready() },
        Route(.GET, "/metrics") { router, request in try await router.metrics(request) },
        Route(.GET, webSocketPath) { router, request in router.webSocketRefusal(request) },
        Route(.GET, "\(ChallengeAnswers.path)*") { router, request in router.challenge(request) },
        Route(.GET, "/.well-known/did.json") { router, _ in router.didDocument() },
        Route(.GET, "/oauth-client-metadata.json") { router, _ in router.clientDocument(router.broker.clientMetadata) },
        Route(.GET, "/client-metadata.json") { router, _ in router.clientDocument(router.broker.formerClientMetadata) },
        Route(.GET, "/oauth-client-keys.json") { router, _ in try await router.clientKeys() },
        Route(.GET, "/auth/login") { router, request in await router.beginLogin(request) },
        Route(.GET, "/auth/callback") { router, request in await router.finishLogin(request) },
        Route(.POST, "/auth/logout") { router, request in try await router.logOut(request) },
        Route(.GET, "\(linkPath)*") { router, request in router.showLink(request) },
        Route(.POST, "\(linkPath)*") { router, request in await router.followLink(request) },
        Route(.GET, "/export") { router, request in try await router.export(request) },
        Route(.GET, "/api/v1/channels/*/pins") { router, request in try await router.pins(request, of: request.target.pathPart(3) ?? "") },
        Route(.POST, "/api/v1/services/*") { router, request in
            try await router.command(request, to: request.target.pathPart(3) ?? "")
        },
        Route(.GET, "/api/v1/account") { router, request in try await router.showAccount(request) },
        Route(.DELETE, "/api/v1/account/identity") { router, request in try await router.unlinkIdentity(request) },
        Route(.GET, "/api/v1/account/sessions") { router, request in try await router.listWebLogins(request) },
        Route(.DELETE, "/api/v1/account/sessions") { router, request in try await router.endWebLogins(request) },
        Route(.DELETE, "/api/v1/account/sessions/*") { router, request in try await router.endWebLogin(request) },
        Route(.PATCH, "/api/v1/account/sessions/*") { router, request in try await router.nameWebLogin(request) },
        Route(.GET, "/api/v1/account/devices") { router, request in try await router.listDevices(request) },
        Route(.POST, "/api/v1/account/devices") { router, request in try await router.makeDevice(request) },
        Route(.DELETE, "/api/v1/account/devices/*") { router, request in try await router.revokeDevice(request) },
        Route(.GET, AccountPage.path) { router, request in try await router.account(request) },
        Route(.POST, "/account/sign-in") { router, request in await router.signIn(request) },
        Route(.POST, "/account/sign-out") { router, request in try await router.signOut(request) },
        Route(.POST, "/account/identity/end") { router, request in try await router.unlinkOnPage(request) },
        Route(.POST, "/account/sessions/end") { router, request in try await router.endOtherSessions(request) },
        Route(.POST, "/account/sessions/*/end") { router, request in try await router.endSession(request) },
        Route(.POST, "/account/devices") { router, request in try await router.makeDeviceOnPage(request) },
        Route(.POST, "/account/devices/*/end") { router, request in try await router.endDeviceOnPage(request) },
        Route(.POST, "/session") { router, request in try await router.session(request) },
    ]

    /// What stands before the links of connections that wait for a login.
    nonisolated static let linkPath = World.loginLinkPath
    /// Where IRC over WebSocket is.
    nonisolated static let webSocketPath = "/irc"
    /// Many clients ask at the root when they are given a host and nothing else.
    nonisolated static let webSocketPaths: Set<String> = ["/", webSocketPath]
}
