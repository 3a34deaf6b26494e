import Broker
import MainLoop
import NIOHTTP1
import Store
import Testing

@testable import Sidecar

/// A token is for what its scopes say and for nothing else: every scope against every route.
@LoopActor @Suite struct TokenScopeTests {
    private let world = APIWorld()

    /// What each route needs, written down once more: a slip in a declaration is a mismatch here. Routes that are missing are open, or
    /// for the owner of an account.
    private static let needs: [String: APIScope] = [
        "GET /api/v1/server": .serverRead,
        "GET /api/v1/clients": .serverRead,
        "GET /api/v1/clients/{nick}": .serverRead,
        "GET /api/v1/channels": .channelsRead,
        "GET /api/v1/channels/{channel}": .channelsRead,
        "GET /api/v1/channels/{channel}/members": .channelsRead,
        "GET /api/v1/channels/{channel}/messages": .messagesRead,
        "GET /api/v1/accounts": .accountsRead,
        "GET /api/v1/accounts/{account}": .accountsRead,
        "GET /api/v1/bans": .bans,
        "GET /api/v1/audit": .audit,
        "POST /api/v1/services/{service}": .services,
        "POST /api/v1/server/rehash": .serverAdmin,
        "GET /api/v1/server/loglevel": .serverAdmin,
        "PUT /api/v1/server/loglevel": .serverAdmin,
        "DELETE /api/v1/clients/{nick}": .serverAdmin,
        "PATCH /api/v1/channels/{channel}": .channelsAdmin,
        "DELETE /api/v1/channels/{channel}/members/{nick}": .channelsAdmin,
        "PUT /api/v1/channels/{channel}/purge": .channelsAdmin,
        "DELETE /api/v1/channels/{channel}/purge": .channelsAdmin,
        "POST /api/v1/channels/{channel}/messages": .messagesSend,
        "PUT /api/v1/accounts/{account}/suspension": .accountsAdmin,
        "DELETE /api/v1/accounts/{account}/suspension": .accountsAdmin,
        "POST /api/v1/bans": .bans,
        "GET /api/v1/bans/{ban}": .bans,
        "DELETE /api/v1/bans/{ban}": .bans,
        "GET /metrics": .metrics,
    ]
    private static let open: Set = [
        "GET /api/v1/channels/{channel}/pins", "GET /livez", "GET /readyz", "GET /api/v1/openapi.json",
    ]

    private func name(_ route: Route) -> String { "\(route.method.rawValue) \(route.path)" }

    /// The path with something in its open parts, which is nowhere.
    private func target(_ route: Route) -> String {
        route.path.split(separator: "/").map { $0.hasPrefix("{") ? "/nothing" : "/\($0)" }.joined()
    }

    @Test func everyRouteIsInTheTable() {
        for route in Router.apiRoutes {
            if case .owner = route.access { continue }
            #expect((Self.needs[name(route)] != nil) != Self.open.contains(name(route)), "\(name(route))")
        }
        #expect(Set(Self.needs.keys).union(Self.open).isSubset(of: Router.apiRoutes.map(name)))
    }

    @Test(arguments: APIScope.allCases)
    func aTokenIsRefusedEverythingOutsideItsScope(_ scope: APIScope) async throws {
        let mine = try await world.token([scope])
        world.test.broker.answer = .failure(.unknownToken)
        for route in Router.apiRoutes {
            let response = try await world.ask(route.method, target(route), mine, body: route.operation?.body.map { _ in "{}" })
            if case .owner = route.access {
                // It opens no account.
                #expect(response.status == .unauthorized, "\(scope) at \(name(route))")
                continue
            }
            guard let need = Self.needs[name(route)] else {
                #expect(![401, 403].contains(response.status.code), "\(scope) at \(name(route))")
                continue
            }
            #expect((response.status == .forbidden) == (need != scope), "\(scope) at \(name(route)): \(response.status)")
            #expect(response.status != .unauthorized)
            if need != scope {
                let challenge = #"Bearer error="insufficient_scope", scope="\#(need.rawValue)""#
                #expect(response.headers["WWW-Authenticate"] == [challenge])
            }
        }
        #expect(world.test.world.commands.isEmpty && world.test.world.acts.isEmpty)
    }

    @Test func withoutATokenNothingIsOpenButWhatIsForEverybody() async throws {
        for headers: HTTPHeaders in [[:], ["Authorization": "Bearer roost_nonsense"]] {
            for (number, route) in Router.apiRoutes.enumerated() where Self.needs[name(route)] != nil {
                // Whoever guesses too often has to wait.
                let response = try await world.ask(
                    route.method, target(route), headers, body: route.operation?.body.map { _ in "{}" }, from: "192.0.2.\(number)")
                #expect(response.status == .unauthorized, "\(name(route))")
                #expect(response.headers["WWW-Authenticate"].first?.hasPrefix("Bearer") == true)
            }
        }
    }

    /// People are no programs, whoever they are.
    @Test func theTokenOfAConnectionIsForItsPersonOnly() async throws {
        for route in Router.apiRoutes where Self.needs[name(route)] != nil && Self.needs[name(route)] != .services {
            let response = try await world.ask(route.method, target(route), ["Authorization": "Bearer live"])
            #expect(response.status == .forbidden, "\(name(route))")
        }
    }

    @Test func scopesAddUp() async throws {
        let both = try await world.token([.bans, .audit])
        #expect(try await world.ask(.GET, "/api/v1/bans", both).status == .ok)
        #expect(try await world.ask(.GET, "/api/v1/audit", both).status == .ok)
        #expect(try await world.ask(.GET, "/api/v1/accounts", both).status == .forbidden)
        let none = try await world.token([])
        #expect(try await world.ask(.GET, "/api/v1/accounts", none).status == .forbidden)
    }
}
