import NIOHTTP1
import Server

extension Router {
    /// Everything this server answers.
    nonisolated static let allRoutes = pageRoutes + apiRoutes

    /// The API, with what is for monitoring: what its document describes.
    nonisolated static let apiRoutes: [Route] = [
        serverRoutes, serverActions, clientRoutes, clientActions, channelRoutes, channelActions, messageRoutes, messageActions, pinRoutes,
        accountRoutes, accountActions, banRoutes, banActions, auditRoutes, serviceRoutes, ownAccountRoutes, webLoginRoutes, deviceRoutes,
        healthRoutes, documentRoutes,
    ].flatMap(\.self)

    /// Pages, logins and what belongs to the web client.
    private nonisolated static let pageRoutes: [Route] = [
        Route(.GET, "/") { router, request in router.front(request) },
        Route(.GET, "/about") { router, _ in router.welcome() },
        Route(.GET, "/sw.js") { router, request in router.clientFile(request) },
        Route(.GET, "/icon.svg") { router, request in router.clientFile(request) },
        Route(.GET, "/manifest.webmanifest") { router, request in router.clientFile(request) },
        Route(.GET, "/client/*/*") { router, request in router.clientFile(request) },
        Route(.GET, "/client/*/*/*") { router, request in router.clientFile(request) },
        Route(.POST, "/client/report") { router, request in router.policyReport(request) },
        Route(.GET, "/health") { router, _ in try router.health() },
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
