import AsyncHTTPClient
import Logging
import MainLoop
import NIOCore
import NIOSSL
import OrderedCollections

/// HTTP clients that connect to one checked address each, whatever the name resolves to by then. Kept for a while,
/// because the trust store and the connection are dear; bounded.
@LoopActor
final class PinnedClients {
    /// Clients kept; one in use is never given up.
    nonisolated static let capacity = 64

    struct Key: Hashable {
        let host: String
        let address: String
    }

    /// A client in use.
    final class Lease {
        let key: Key
        let client: HTTPClient
        fileprivate var users = 0

        fileprivate init(key: Key, client: HTTPClient) {
            (self.key, self.client) = (key, client)
        }
    }

    private let extraCAFile: String?
    private let logger: Logger
    private var leases: OrderedDictionary<Key, Lease> = [:]
    private var isClosed = false

    nonisolated init(extraCAFile: String?, logger: Logger) {
        (self.extraCAFile, self.logger) = (extraCAFile, logger)
    }

    /// Nil after ``shutdown()``: nobody would end a client that is made then.
    func lease(host: String, address: String) -> Lease? {
        guard !isClosed else { return nil }
        let key = Key(host: host, address: address)
        let lease = leases.removeValue(forKey: key) ?? Lease(key: key, client: makeClient(key))
        leases[key] = lease
        lease.users += 1
        return lease
    }

    func giveBack(_ lease: Lease) {
        lease.users -= 1
        while leases.count > Self.capacity, let idle = leases.values.first(where: { $0.users == 0 }) {
            leases.removeValue(forKey: idle.key)
            idle.client.shutdown { _ in }
        }
    }

    func shutdown() async {
        isClosed = true
        let all = leases.values.map(\.client)
        leases = [:]
        for client in all { try? await client.shutdown() }
    }

    private func makeClient(_ key: Key) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)), proxy: nil, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [key.host: key.address]
        configuration.networkFrameworkWaitForConnectivity = false
        configuration.connectionPool.idleTimeout = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let extraCAFile { tls.additionalTrustRoots = [.file(extraCAFile)] }
        configuration.tlsConfiguration = tls
        return HTTPClient(eventLoopGroupProvider: .shared(LoopActor.group), configuration: configuration, backgroundActivityLogger: logger)
    }
}
