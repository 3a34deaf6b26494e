import ATProto
import Server
package import Settings
package import Sidecar

extension SidecarConfiguration {
    package init(_ settings: Settings) {
        self.init(
            publicOrigin: settings.broker.publicURL, allowedOrigins: settings.broker.returnTo, serverName: settings.server.name,
            network: settings.server.network, version: Daemon.version, addresses: Self.addresses(settings))
        didDocument = ServiceIdentity(settings)?.document
        hasWebClient = settings.listen.webClient
        metricsFrom = settings.metrics.from.compactMap { AddressRange($0) }
    }

    /// What a visitor is told about connecting. Addresses of this machine only are left out: they are of no use elsewhere.
    private static func addresses(_ settings: Settings) -> [String] {
        let tls = Set(settings.listen.tls.filter { !$0.isLoopback }.map(\.port)).sorted()
        let plain = Set(settings.listen.plain.filter { !$0.isLoopback }.map(\.port)).sorted()
        return tls.map { "\(settings.server.name), port \($0), TLS" } + plain.map { "\(settings.server.name), port \($0), not encrypted" }
    }
}
