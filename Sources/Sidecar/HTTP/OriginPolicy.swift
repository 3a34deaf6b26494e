/// Which web pages may talk to this server. Origins are compared whole, byte by byte.
struct OriginPolicy: Sendable {
    private let known: Set<String>
    private let ownHost: Substring

    /// - Parameters:
    ///   - own: the origin of this server.
    ///   - others: the other origins that the operator allows.
    init(own: String, others: [String]) {
        known = Set(others + [own])
        ownHost = Self.name(of: own.drop { $0 != "/" }.drop { $0 == "/" })
    }

    /// Whether a page of `origin` may read answers.
    func mayRead(_ origin: String) -> Bool {
        known.contains(origin)
    }

    /// Whether a request may change something or open a WebSocket. What comes from no page may: browsers always name
    /// the origin of the page there, and nothing else is led to do what its user does not want.
    func mayAct(_ origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        if known.contains(origin) { return true }
        guard let host, isOurs(Self.name(of: host[...])) else { return false }
        return origin == "https://" + host || origin == "http://" + host
    }

    /// Whether a page that was loaded from `host` came from here. A name that is not known may lead here for a moment only, so that
    /// its page gets at servers inside a network (DNS rebinding); an address cannot.
    private func isOurs(_ host: Substring) -> Bool {
        let isAddress = host.hasPrefix("[") || !host.isEmpty && host.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
        return isAddress || host == "localhost" || host == ownHost
    }

    /// Without the port.
    private static func name(of host: Substring) -> Substring {
        host.hasPrefix("[") ? host.prefix { $0 != "]" } : host.prefix { $0 != ":" }
    }
}
