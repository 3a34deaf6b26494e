#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which IP addresses somebody else's name may lead to.
enum AddressPolicy {
    /// Whether `address` (text) is of the public internet: global unicast, also when it is wrapped in IPv6.
    static func isPublic(_ address: String) -> Bool {
        if let v4 = bytes4(address) { return isPublic4(v4) }
        guard let v6 = bytes6(address) else { return false }
        if let inner = embedded4(v6) { return isPublic4(inner) }
        return isPublic6(v6)
    }

    /// Whether it is this machine.
    static func isLoopback(_ address: String) -> Bool {
        if let v4 = bytes4(address) { return v4[0] == 127 }
        guard let v6 = bytes6(address) else { return false }
        if let inner = embedded4(v6) { return inner[0] == 127 }
        return v6.dropLast().allSatisfy { $0 == 0 } && v6[15] == 1
    }

    private static func isPublic4(_ bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
        case (192, 0, 0), (192, 0, 2), (192, 31, 196), (192, 52, 193), (192, 88, 99), (192, 175, 48), (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    /// 2000::/3 without what is carved out of it.
    private static func isPublic6(_ bytes: [UInt8]) -> Bool {
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        // 2001::/23 protocol assignments, 2001:db8::/32 and 3fff::/20 documentation
        case (0x20, 0x01, 0x00...0x01, _), (0x20, 0x01, 0x0D, 0xB8), (0x3F, 0xFF, 0x00...0x0F, _): return false
        default: return true
        }
    }

    /// The IPv4 address inside a mapped, compatible, translated (NAT64) or 6to4 address.
    private static func embedded4(_ bytes: [UInt8]) -> [UInt8]? {
        if bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10..<12] == [0xFF, 0xFF] { return Array(bytes[12...]) }
        if bytes[0..<12].allSatisfy({ $0 == 0 }), bytes[12] != 0 { return Array(bytes[12...]) }
        if bytes[0..<4] == [0x00, 0x64, 0xFF, 0x9B] { return Array(bytes[12...]) }
        if bytes[0..<2] == [0x20, 0x02] { return Array(bytes[2..<6]) }
        return nil
    }

    private static func bytes4(_ text: String) -> [UInt8]? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }

    private static func bytes6(_ text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }
}
