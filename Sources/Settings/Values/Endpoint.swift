#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address with a port, written `127.0.0.1:6667` or `[::1]:6667`.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// IP address without brackets.
    package var host: String
    /// 0 lets the system choose a free one.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads the written form. Names are not looked up: only IP addresses are taken.
    package init(_ text: String) throws(ValueError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ValueError("\"\(text)\" is not an address with a port, such as \"127.0.0.1:6667\" or \"[::1]:6667\"")
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard Self.isAddress(String(host), family: AF_INET6) else { throw ValueError("\"\(host)\" is not an IPv6 address") }
        } else if host.isEmpty || host == "*" {
            throw ValueError("\"\(text)\" names no address; write \"0.0.0.0:\(port)\" for all of IPv4 and \"[::]:\(port)\" for all of IPv6")
        } else if Self.isAddress(String(host), family: AF_INET6) {
            throw ValueError("an IPv6 address needs brackets: \"[\(host)]:\(port)\"")
        } else if !Self.isAddress(String(host), family: AF_INET) {
            throw ValueError("\"\(host)\" is not an IP address; names are not looked up here")
        }
        self.init(host: String(host), port: Int(port))
    }

    package var isIPv6: Bool { host.contains(":") }

    package var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// Whether it stands for all addresses of its family.
    package var isWildcard: Bool { host == "0.0.0.0" || host == "::" }

    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether the two cannot be listened on at the same time.
    package func collides(with other: Endpoint) -> Bool {
        guard port != 0, port == other.port, isIPv6 == other.isIPv6 else { return false }
        return host == other.host || isWildcard || other.isWildcard
    }

    private static func isAddress(_ text: String, family: Int32) -> Bool {
        var bytes = in6_addr()
        return inet_pton(family, text, &bytes) == 1
    }
}
