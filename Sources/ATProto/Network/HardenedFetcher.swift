import AsyncHTTPClient
import Foundation
package import Logging
package import MainLoop
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The one way to the outside. The address may be anybody's: it is checked before a name is looked up, every address
/// behind the name is checked, and the connection goes to a checked address, so that a second look-up cannot lead
/// elsewhere. No redirects, no cookies, no proxies, bounded time and size.
@LoopActor
package final class HardenedFetcher: Fetching {
    /// Requests to one origin at a time.
    package nonisolated static let requestsPerOrigin = 64

    private let policy: NetworkPolicy
    private let lookup: AddressLookup
    private let clients: PinnedClients
    private var running: [Origin: Int] = [:]
    /// How requests ended, and how long they took.
    package private(set) var results = Tally<FetchResult>()
    package private(set) var times = Histogram.ofRequests

    package nonisolated init(policy: NetworkPolicy, dns: DNSClient, logger: Logger) {
        self.policy = policy
        lookup = AddressLookup(policy: policy, dns: dns)
        clients = PinnedClients(extraCAFile: policy.extraCAFile, logger: logger)
    }

    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let begun = NIODeadline.now()
        defer { times.observe(.nanoseconds((NIODeadline.now() - begun).nanoseconds)) }
        do {
            let response = try await attempt(request)
            results.count(.answered)
            return response
        } catch {
            results.count(error.result)
            throw error
        }
    }

    private func attempt(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let url = try CheckedURL(request.url, policy: policy)
        guard running[url.origin, default: 0] < Self.requestsPerOrigin else { throw .busy }
        running[url.origin, default: 0] += 1
        defer {
            running[url.origin, default: 1] -= 1
            if running[url.origin] == 0 { running[url.origin] = nil }
        }
        let deadline = NIODeadline.now() + TimeAmount(request.limits.time)
        let addresses = try await lookup.addresses(of: url)
        var failure = FetchError.unreachable(reason: "no address")
        for address in addresses.prefix(4) {
            do {
                return try await send(request, to: url, at: address, deadline: deadline)
            } catch {
                guard case .unreachable = error else { throw error }
                failure = error
            }
        }
        throw failure
    }

    /// Ends the connections that are kept open. Requests that come later are refused.
    package func shutdown() async {
        await clients.shutdown()
    }

    private func send(
        _ request: FetchRequest, to url: CheckedURL, at address: String, deadline: NIODeadline
    ) async throws(FetchError) -> FetchResponse {
        guard let lease = clients.lease(host: url.origin.host, address: address) else {
            throw .unreachable(reason: "the server is stopping")
        }
        defer { clients.giveBack(lease) }
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers.add(name: "User-Agent", value: "roost")
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        let (client, outgoingRequest) = (lease.client, outgoing)
        // A task of its own: the time limit covers the body too, and a caller that goes away stops nothing.
        let work = Task { () async throws -> FetchResponse in
            let answer = try await client.execute(outgoingRequest, deadline: deadline)
            let body = try await answer.body.collect(upTo: request.limits.bytes)
            return FetchResponse(
                status: Int(answer.status.code), headers: FetchHeaders(answer.headers.map { ($0.name, $0.value) }),
                body: Data(body.readableBytesView), finalURL: request.url)
        }
        let timer = LoopActor.eventLoop.scheduleTask(deadline: deadline) { work.cancel() }
        defer { timer.cancel() }
        do {
            return try await work.value
        } catch {
            throw work.isCancelled ? .timeout : FetchError(error)
        }
    }
}

extension FetchError {
    /// Sorts what the HTTP client throws by whether the request can have been seen.
    init(_ error: any Error) {
        switch error {
        case is NIOTooManyBytesError: self = .tooLarge
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout: self = .timeout
        case let error as HTTPClientError
        where error == .connectTimeout || error == .tlsHandshakeTimeout || error == .getConnectionFromPoolTimeout:
            self = .unreachable(reason: "no connection in time")
        case is NIOConnectionError: self = .unreachable(reason: "connection refused or host unreachable")
        case let error as ChannelError:
            if case .connectTimeout = error {
                self = .unreachable(reason: "no connection in time")
            } else {
                self = .broken(reason: "\(error)")
            }
        case let error as NIOSSLError: self = .unreachable(reason: "TLS: \(error)")
        case let error as BoringSSLError: self = .unreachable(reason: "TLS: \(error)")
        case let error as IOError
        where error.errnoCode == ECONNREFUSED || error.errnoCode == EHOSTUNREACH || error.errnoCode == ENETUNREACH:
            self = .unreachable(reason: "connection refused or host unreachable")
        default: self = .broken(reason: "\(error)")
        }
    }
}
