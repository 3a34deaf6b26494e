package import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SocketAddress {
    /// The IP address in its canonical text, without port or scope; nil for a Unix socket. An IPv4 address that was
    /// mapped into IPv6 is shown as what it is.
    package var canonicalText: String? {
        guard let ipAddress else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, ipAddress, &bytes) == 1 else { return ipAddress }
        guard bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF else { return ipAddress }
        return bytes.suffix(4).map(String.init).joined(separator: ".")
    }
}
