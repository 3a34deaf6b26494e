/// Where to listen.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IP address without brackets; `0.0.0.0` and `::` stand for all addresses of their family.
    package var host: String
    /// 0 lets the system choose a free one.
    package var port: Int
    /// A listening socket with this address, which belongs to whoever listens; nil to make one.
    package var descriptor: CInt?

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var isIPv6: Bool { host.contains(":") }

    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
