/// Which web pages may talk to this server. Origins are compared whole, byte by byte.
struct OriginPolicy: Sendable {
    private let known: Set<String>

    /// - Parameters:
    ///   - own: the origin of this server.
    ///   - others: the other origins that the operator allows.
    init(own: String, others: [String]) {
        known = Set(others + [own])
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
        guard let host, !host.isEmpty else { return false }
        return origin == "https://" + host || origin == "http://" + host
    }
}
