package import Server

/// The proxies and balancers that say for whom they connect. What anybody else says of itself is not believed.
package struct TrustedProxies: Sendable, Equatable {
    /// Where they connect from.
    package var ranges: [AddressRange]
    /// Whether IRC connections from there have to begin with a PROXY header; otherwise they may.
    package var requiresHeader: Bool

    package init(_ ranges: [AddressRange] = [], requiresHeader: Bool = false) {
        (self.ranges, self.requiresHeader) = (ranges, requiresHeader)
    }

    /// - Parameter address: canonical text.
    package func trust(_ address: String) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// Who is behind an HTTP request: the last address in `X-Forwarded-For` that is no proxy of ours. Those before it were written
    /// by whoever is there.
    ///
    /// - Parameters:
    ///   - address: who is connected, canonical.
    ///   - forwarded: the values of the header in their order.
    package func origin(of address: String, forwarded: [String]) -> String {
        guard trust(address) else { return address }
        var last = address
        for entry in forwarded.joined(separator: ",").split(separator: ",").reversed() {
            guard let next = IPAddress.canonical(String(entry.filter { $0 != " " && $0 != "\t" })) else { break }
            last = next
            if !trust(next) { break }
        }
        return last
    }
}
