import Foundation

/// Scheme, host and port of a web address, and nothing else.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    /// `https` or `http`.
    package let scheme: String
    /// In lower case; IPv6 in brackets.
    package let host: String
    package let port: Int

    /// Nil unless `url` is just an origin: http or https, a host, perhaps a port; a lone `/` behind it is forgiven.
    package init?(_ url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.percentEncodedHost?.lowercased(),
            scheme == "https" || scheme == "http", !host.isEmpty, parts.user == nil, parts.password == nil, parts.query == nil,
            parts.fragment == nil, parts.path.isEmpty || parts.path == "/"
        else { return nil }
        // A port that is no number reads as none.
        guard parts.port != nil || parts.rangeOfPort == nil else { return nil }
        self.init(scheme: scheme, host: host, port: parts.port)
    }

    /// The origin of any address.
    package init?(of url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.percentEncodedHost?.lowercased(),
            scheme == "https" || scheme == "http", !host.isEmpty
        else { return nil }
        // A port that is no number reads as none.
        guard parts.port != nil || parts.rangeOfPort == nil else { return nil }
        self.init(scheme: scheme, host: host, port: parts.port)
    }

    private init?(scheme: String, host: String, port: Int?) {
        let port = port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        (self.scheme, self.host, self.port) = (scheme, host, port)
    }

    package var hasDefaultPort: Bool { port == (scheme == "https" ? 443 : 80) }

    /// `https://host`, with the port when it is not the scheme's own.
    package var text: String {
        "\(scheme)://\(host)" + (hasDefaultPort ? "" : ":\(port)")
    }

    package var description: String { text }
}
