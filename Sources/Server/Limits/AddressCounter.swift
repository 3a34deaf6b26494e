#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Counts connections by address; an IPv6 /64 counts as one, because one person has all of it.
struct AddressCounter {
    private var counts: [String: Int] = [:]

    /// Adds a connection unless `limit` are there; loopback is never limited. Returns whether it was added.
    mutating func add(_ address: String, limit: Int) -> Bool {
        let group = AddressGroup(address)
        guard group.isLoopback || counts[group.key, default: 0] < limit else { return false }
        counts[group.key, default: 0] += 1
        return true
    }

    mutating func remove(_ address: String) {
        let key = AddressGroup(address).key
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}

/// What counts as one origin.
struct AddressGroup {
    /// The IPv4 address, or the first 64 bits of the IPv6 address.
    let key: String
    let isLoopback: Bool

    init(_ address: String) {
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
