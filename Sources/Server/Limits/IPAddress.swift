#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// IP addresses as text.
package enum IPAddress {
    /// The one way to write `text`; nil when it is no address.
    package static func canonical(_ text: String) -> String? {
        var bytes = in6_addr()
        for family in [AF_INET, AF_INET6] where inet_pton(family, text, &bytes) == 1 {
            var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(family, &bytes, &name, socklen_t(name.count)) != nil else { return nil }
            return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return nil
    }
}
