#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A network such as `192.0.2.0/24` or `2001:db8::/32`; a single address is one too. An IPv4 address that was mapped into IPv6 is one of
/// IPv4.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// Zero beyond the prefix.
    private let bytes: [UInt8]
    /// How many bits count.
    package let prefix: Int

    /// Nil when `text` is no address or its prefix is too long. What the address has beyond the prefix does not count.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { return nil }
        let all = bytes.count * 8
        guard let prefix = parts.count == 1 ? all : Int(parts[1]), (0...all).contains(prefix) else { return nil }
        self.init(bytes, prefix)
    }

    private init(_ bytes: [UInt8], _ prefix: Int) {
        self.bytes = bytes.enumerated().map { index, byte in
            let bits = min(max(prefix - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
        self.prefix = prefix
    }

    package var isIPv6: Bool { bytes.count == 16 }
    /// Whether it is one address.
    package var isSingle: Bool { prefix == bytes.count * 8 }

    /// The network of the first `prefix` bits; nil when it has fewer itself.
    func widened(to prefix: Int) -> AddressRange? {
        prefix <= self.prefix ? AddressRange(bytes, prefix) : nil
    }

    /// - Parameter address: text of an IP address; anything else is in no range.
    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        return AddressRange(other, prefix).bytes == bytes
    }

    /// The address as DNS has it: the numbers of IPv4, or the hexadecimal digits of IPv6, the last one first (RFC 5782).
    var reversedLabels: String {
        let labels = isIPv6 ? bytes.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) } : bytes.map { String($0) }
        return labels.reversed().joined(separator: ".")
    }

    /// Canonical: `192.0.2.1`, `192.0.2.0/24`.
    package var description: String {
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &name, socklen_t(name.count)) != nil else { return "" }
        let address = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return isSingle ? address : "\(address)/\(prefix)"
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            guard inet_pton(family, text, &bytes) == 1 else { continue }
            let isMapped = length == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            return isMapped ? Array(bytes.suffix(4)) : bytes
        }
        return nil
    }
}
