import Logging
import MainLoop
import Settings
import Sidecar
import Transport

/// All ports of the daemon. They are bound together, so that none answers unless all do.
@LoopActor
final class Ports {
    let plain: [Listener]
    let tls: [Listener]
    let http: [Listener]

    private init(plain: [Listener], tls: [Listener], http: [Listener]) {
        (self.plain, self.tls, self.http) = (plain, tls, http)
    }

    private var all: [Listener] { plain + tls + http }

    /// Binds everything that `settings` name, or nothing.
    ///
    /// - Parameters:
    ///   - certificates: `nil` when there is no TLS port.
    ///   - sockets: those to use in the place of new ones; each address must have one then.
    static func bind(
        _ settings: Settings, certificates: CurrentCertificates?, edge: Edge, sidecar: Sidecar, sockets: PassedSockets = .none
    ) async throws(StartError) -> Ports {
        var bound: [Listener] = []
        do {
            let all = settings.listen.plain + settings.listen.tls + settings.listen.http + settings.challengeEndpoints
            try sockets.check(against: all.map { ListenAddress($0) })
        } catch {
            throw StartError(error)
        }
        do {
            let plain = try await bind(settings.listen.plain, "listen.plain", sockets, bound: &bound, edge) { address throws(BindError) in
                try await .tcp(address, edge: edge)
            }
            // An address that nobody asked for may be missing: not every machine speaks IPv6.
            let isDefault = settings.listen.tls == Settings().listen.tls
            let tls = try await bind(settings.listen.tls, "listen.tls", sockets, bound: &bound, mayLackIPv6: isDefault, edge) {
                address throws(BindError) in
                guard let certificates else { throw BindError(.other("there is no certificate"), address: address, key: "listen.tls") }
                return try await .tls(address, certificates: certificates, edge: edge)
            }
            let http = try await bind(settings.listen.http, "listen.http", sockets, bound: &bound, edge) { address throws(BindError) in
                try await sidecar.listen(on: address)
            }
            return Ports(plain: plain, tls: tls, http: http)
        } catch {
            for listener in bound { await listener.stop() }
            throw StartError(error)
        }
    }

    private static func bind(
        _ endpoints: [Endpoint], _ key: String, _ sockets: PassedSockets, bound: inout [Listener], mayLackIPv6: Bool = false, _ edge: Edge,
        _ bind: @LoopActor (ListenAddress) async throws(BindError) -> Listener
    ) async throws(BindError) -> [Listener] {
        var listeners: [Listener] = []
        for endpoint in endpoints {
            do {
                let listener = try await bind(sockets.place(ListenAddress(endpoint), key: key))
                listeners.append(listener)
                bound.append(listener)
            } catch  where mayLackIPv6 && endpoint.isIPv6 && [.noSuchFamily, .notAvailable].contains(error.cause) {
                edge.logger.info("listener.skipped", metadata: ["address": "\(endpoint)", "reason": "this machine has no IPv6"])
            }
        }
        return listeners
    }

    /// Whether all ports are open.
    var areOpen: Bool { all.allSatisfy(\.isOpen) }

    /// Begins to accept.
    func start() async {
        for listener in all { await listener.start() }
    }

    /// Closes all ports; what was accepted stays.
    func stop() async {
        for listener in all { await listener.stop() }
    }
}

extension ListenAddress {
    init(_ endpoint: Endpoint) {
        self.init(host: endpoint.host, port: endpoint.port)
    }
}

extension Endpoint {
    /// Where `listener` really listens.
    @LoopActor
    init(_ listener: Listener) {
        self.init(host: listener.address.host, port: listener.address.port)
    }
}
