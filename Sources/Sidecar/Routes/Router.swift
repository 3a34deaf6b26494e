import Logging
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// Answers whole requests. It knows no sockets.
@LoopActor
final class Router {
    let configuration: SidecarConfiguration
    let broker: any BrokerServing
    let server: any ServerServing
    let tokens: APITokenStore
    /// Nil until everything has started.
    weak var monitored: (any Monitored)?
    /// What a certificate authority finds.
    weak var challenges: ChallengeAnswers?
    /// Likewise.
    weak var control: (any Controlled)?
    let clock: any LoopClock
    let origins: OriginPolicy
    /// By this a browser is known again for the few minutes of a login. It says nothing of the person.
    let cookie: SecretCookie
    /// The broker token of the account page.
    let accountCookie: SecretCookie
    private var unknownTokens: AddressThrottle
    var logins: AddressThrottle
    var reports: AddressThrottle
    let logger: Logger
    private static let routes = Dictionary(grouping: allRoutes, by: \.path)
    private static let patterns = allRoutes.filter(\.isPattern)

    init(
        _ configuration: SidecarConfiguration, broker: any BrokerServing, server: any ServerServing, tokens: APITokenStore,
        clock: any LoopClock, logger: Logger
    ) {
        self.configuration = configuration
        self.broker = broker
        self.server = server
        self.tokens = tokens
        self.clock = clock
        self.logger = logger
        origins = OriginPolicy(own: configuration.publicOrigin, others: configuration.allowedOrigins)
        cookie = SecretCookie("roost-browser", lifetime: 600, isSecure: configuration.isSecure)
        accountCookie = SecretCookie("roost-account", lifetime: 30 * 86_400, isSecure: configuration.isSecure)
        let limits = configuration.limits
        unknownTokens = AddressThrottle(limit: limits.unknownTokens, span: .seconds(60), capacity: limits.countedAddresses)
        logins = AddressThrottle(limit: limits.logins, span: .seconds(60), capacity: limits.countedAddresses)
        reports = AddressThrottle(limit: limits.reports, span: .seconds(60), capacity: limits.countedAddresses)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response = await answer(request)
        response.headers.add(name: "Vary", value: "Origin")
        if let origin = request.origin, origins.mayRead(origin) {
            response.headers.replaceOrAdd(name: "Access-Control-Allow-Origin", value: origin)
        }
        return response
    }

    /// What the caller is counted as; nil: it is not.
    func countedKey(of request: HTTPRequest) -> String? {
        let group = AddressGroup(request.address)
        return group.isLoopback && !configuration.limits.countsLoopback ? nil : group.key
    }

    /// How long the caller has to wait because it has shown too many unknown tokens; nil: it has not.
    func waitOfGuesser(_ request: HTTPRequest) -> Duration? {
        countedKey(of: request).flatMap { unknownTokens.wait(for: $0, at: clock.uptime) }
    }

    /// Counts one more unknown token of the caller.
    func countGuess(_ request: HTTPRequest) {
        if let caller = countedKey(of: request) { unknownTokens.count(caller, at: clock.uptime) }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let path = request.target.path
        let routes = Self.routes[path] ?? Self.patterns.filter { $0.matches(path) }
        guard !routes.isEmpty else { return .refusal(.notFound, "Nothing is here", at: path) }
        if request.method == .OPTIONS { return options(request, allowed: routes.allowed) }
        guard let route = routes.first(where: { $0.method == (request.method == .HEAD ? .GET : request.method) }) else {
            var response = HTTPResponse.refusal(.methodNotAllowed, "This path answers \(routes.allowed)", at: path)
            response.headers.add(name: "Allow", value: routes.allowed)
            return response
        }
        if route.method != .GET, !origins.mayAct(request.origin, host: request.host) {
            return .refusal(.forbidden, "Origin not allowed", at: path)
        }
        do {
            return try await route.handler(self, request, try await visitor(of: request, for: route.access))
        } catch let refusal as Refusal {
            return refusal.response
        } catch {
            logger.error("http.failed", metadata: ["path": "\(route.path)", "error": "\(error)"])
            return .refusal(.internalServerError, "Something went wrong here; it has been logged", at: path)
        }
    }

    /// The question that browsers ask before they send what a form could not.
    private func options(_ request: HTTPRequest, allowed: String) -> HTTPResponse {
        var response = HTTPResponse(.noContent)
        response.headers.add(name: "Allow", value: allowed)
        guard let origin = request.origin, request.headers.contains(name: "Access-Control-Request-Method") else { return response }
        guard origins.mayRead(origin) else { return .refusal(.forbidden, "Origin not allowed", at: request.target.path) }
        response.headers.add(name: "Access-Control-Allow-Methods", value: allowed)
        response.headers.add(name: "Access-Control-Allow-Headers", value: "authorization, content-type")
        response.headers.add(name: "Access-Control-Max-Age", value: "600")
        return response
    }
}
