package import MainLoop
import OrderedCollections

/// Finds the authorization server of a PDS: two documents, both checked (atproto OAuth, "Server Metadata").
/// What was found is kept for 60 s; callers that ask for the same PDS at once share one look-up.
@LoopActor
package final class ServerDiscovery {
    private let fetcher: any Fetching
    private let clock: any LoopClock
    private let allowsHTTP: Bool
    private let limits: Limits
    private var known: OrderedDictionary<Origin, (server: AuthorizationServer, until: Duration)> = [:]
    private var running: [Origin: Task<Result<AuthorizationServer, OAuthError>, Never>] = [:]

    /// Bounds of the discovery.
    package struct Limits: Sendable {
        /// How many servers are remembered.
        package var remembered = 500
        /// How many look-ups run at once.
        package var concurrent = 100
        /// How long a server is remembered.
        package var lifetime: Duration = .seconds(60)

        package init() {}
    }

    /// - Parameter allowsHTTP: accept `http` endpoints, for development on one machine only.
    package init(fetcher: any Fetching, clock: any LoopClock, allowsHTTP: Bool, limits: Limits = Limits()) {
        (self.fetcher, self.clock) = (PatientFetcher(fetcher, clock: clock), clock)
        (self.allowsHTTP, self.limits) = (allowsHTTP, limits)
    }

    /// The authorization server of `pds`.
    ///
    /// - Parameter fresh: ask again even when the answer is known. A look-up already on its way counts as fresh.
    package func server(of pds: Origin, fresh: Bool) async throws(OAuthError) -> AuthorizationServer {
        if !fresh, let found = known[pds], found.until > clock.uptime { return found.server }
        let task: Task<Result<AuthorizationServer, OAuthError>, Never>
        if let joined = running[pds] {
            task = joined
        } else {
            guard running.count < limits.concurrent else { throw .busy }
            task = Task { await lookUp(pds) }
            running[pds] = task
        }
        return try await task.value.get()
    }

    /// How many servers are remembered.
    package var count: Int { known.count }

    private func lookUp(_ pds: Origin) async -> Result<AuthorizationServer, OAuthError> {
        defer { running[pds] = nil }
        do {
            let resource = try await document(pds.text + "/.well-known/oauth-protected-resource")
            let issuer = try Self.checked { () throws(MetadataFault) in try ProtectedResource(json: resource.body, pds: pds).issuer }
            let body = try await document(issuer + "/.well-known/oauth-authorization-server").body
            let server = try Self.checked { () throws(MetadataFault) in
                try AuthorizationServer(json: body, issuer: issuer, pds: pds, allowsHTTP: allowsHTTP)
            }
            remember(server, for: pds)
            return .success(server)
        } catch {
            return .failure(error)
        }
    }

    private func document(_ url: String) async throws(OAuthError) -> FetchResponse {
        let response: FetchResponse
        do {
            response = try await fetcher.fetch(
                FetchRequest(method: "GET", url: url, headers: [("Accept", "application/json")], limits: .oauth))
        } catch {
            throw .network(error)
        }
        guard response.status == 200 else { throw .noMetadata("status \(response.status) for \(url)") }
        guard response.headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw .noMetadata("\(url) is not JSON")
        }
        return response
    }

    private static func checked<Value>(_ body: () throws(MetadataFault) -> Value) throws(OAuthError) -> Value {
        do {
            return try body()
        } catch {
            throw .metadata(error)
        }
    }

    private func remember(_ server: AuthorizationServer, for pds: Origin) {
        known[pds] = nil
        known[pds] = (server, clock.uptime + limits.lifetime)
        if known.count > limits.remembered { known.removeFirst() }
    }
}
