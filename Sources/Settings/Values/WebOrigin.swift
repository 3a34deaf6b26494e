/// Checks on web origins: `https://host` or `https://host:port`, nothing after it.
package enum WebOrigin {
    /// The origin in `text`, in lower case and without a trailing slash.
    package static func read(_ text: String) throws(ValueError) -> String {
        var origin = text.lowercased()
        if origin.hasSuffix("/") { origin.removeLast() }
        let rest: Substring
        if origin.hasPrefix("https://") {
            rest = origin.dropFirst(8)
        } else if origin.hasPrefix("http://") {
            rest = origin.dropFirst(7)
        } else {
            throw ValueError("\"\(text)\" must start with https://")
        }
        guard !rest.contains(where: { "/?#@ ".contains($0) }) else {
            throw ValueError("\"\(text)\" must be only a scheme, a host and perhaps a port, without a path")
        }
        guard let (host, port) = split(rest), isHost(host), port.map({ (1...65535).contains($0) }) ?? true else {
            throw ValueError("\"\(text)\" has no valid host and port")
        }
        return origin
    }

    package static func isSecure(_ origin: String) -> Bool { origin.hasPrefix("https://") }

    /// Whether it leads to this machine by an IP address. The name `localhost` is not taken for one.
    package static func isLoopbackAddress(_ origin: String) -> Bool {
        guard let host = host(of: origin) else { return false }
        return host == "[::1]" || host == "127.0.0.1"
    }

    /// Whether it is a name with a dot and no port.
    package static func isPublicHost(_ origin: String) -> Bool {
        guard let host = host(of: origin), origin.hasSuffix("://" + host) else { return false }
        return host.contains(".") && host.contains(where: \.isLetter) && !host.hasPrefix("[")
    }

    /// Host of an origin that ``read(_:)`` made, with brackets when it is an IPv6 address.
    package static func host(of origin: String) -> String? {
        guard let slashes = origin.range(of: "://") else { return nil }
        return split(origin[slashes.upperBound...]).map { String($0.host) }
    }

    private static func split(_ text: Substring) -> (host: Substring, port: Int?)? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (text, nil) }
            guard rest.first == ":", let port = Int(rest.dropFirst()) else { return nil }
            return (text[...end], port)
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        guard let port = Int(text[text.index(after: colon)...]) else { return nil }
        return (text[..<colon], port)
    }

    private static func isHost(_ host: Substring) -> Bool {
        if host.first == "[" { return (try? Endpoint("\(host):0")) != nil }
        return HostName.isValid(host)
    }
}

extension String {
    /// The first place of `text` in this string; Foundation is not needed for more than this.
    fileprivate func range(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}

/// Checks on host names (RFC 1123).
package enum HostName {
    /// Labels of letters, digits and inner hyphens, 253 bytes in all.
    package static func isValid(_ name: some StringProtocol) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}
