#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What counts as one caller: an IPv4 address, or the /64 of an IPv6 address, because one person has all of it.
struct AddressBlock {
    let key: String
    let isLoopback: Bool

    /// - Parameter address: canonical text.
    init(_ address: String) {
        isLoopback = address == "::1" || address.hasPrefix("127.")
        var bytes = [UInt8](repeating: 0, count: 16)
        let isIPv6 = inet_pton(AF_INET6, address, &bytes) == 1
        key = isIPv6 ? bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") : address
    }
}
