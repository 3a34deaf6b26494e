#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What counts as one caller: one person has all of an IPv6 /64.
package struct AddressGroup {
    /// The IPv4 address, or the first 64 bits of the IPv6 address.
    package let key: String
    package let isLoopback: Bool

    /// - Parameter address: canonical text.
    package init(_ address: String) {
        var parsed = in6_addr()
        guard inet_pton(AF_INET6, address, &parsed) == 1 else {
            key = address
            isLoopback = address.hasPrefix("127.")
            return
        }
        let bytes = withUnsafeBytes(of: &parsed) { Array($0) }
        isLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        key = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
