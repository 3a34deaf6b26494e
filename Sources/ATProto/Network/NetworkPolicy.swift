/// Where the daemon may go when somebody else names the address.
package struct NetworkPolicy: Sendable, Hashable {
    /// An address of a DNS server.
    package struct Server: Sendable, Hashable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            (self.host, self.port) = (host, port)
        }
    }

    /// For development and tests: http, loopback addresses, ports and `.test` names are allowed.
    package var allowLoopback = false
    /// Origins that the operator of this server names: they may be anywhere, also in a private network.
    package var ownOrigins: Set<Origin> = []
    /// A PEM file of certificate authorities beside the system's.
    package var extraCAFile: String?
    /// Asked for TXT and addresses instead of the system's resolver.
    package var dnsServer: Server?
    /// Where did:plc is looked up.
    package var plcDirectory: Origin

    /// Nil when `plcDirectory` is no origin.
    package init?(plcDirectory: String = "https://plc.directory") {
        guard let origin = Origin(plcDirectory) else { return nil }
        self.plcDirectory = origin
    }
}
