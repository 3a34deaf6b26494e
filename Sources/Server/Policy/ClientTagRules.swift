import IRCProtocol

/// Which client-only tags are passed on (IRCv3 message-tags, `CLIENTTAGDENY`).
struct ClientTagRules {
    private let deniesAll: Bool
    private let denied: Set<Substring>
    private let allowed: Set<Substring>

    /// - Parameter rules: as in `ServerConfiguration.deniedClientTags`.
    init(_ rules: [String]) {
        deniesAll = rules.contains("*")
        denied = Set(rules.filter { !$0.hasPrefix("-") }.map { $0[...] })
        allowed = Set(rules.filter { $0.hasPrefix("-") }.map { $0.dropFirst() })
    }

    /// The tags of `raw` that are passed on, in order.
    func passed(_ raw: String) -> String {
        guard !raw.isEmpty, deniesAll || !denied.isEmpty else { return raw }
        return raw.split(separator: ";").filter { tag in
            let name = tag.drop { $0 == "+" }.prefix { $0 != "=" }
            return allowed.contains(name) || !(deniesAll || denied.contains(name))
        }.joined(separator: ";")
    }
}

extension World {
    /// The client-only tags of `message` that are passed on, raw.
    func clientTags(of message: Message) -> String {
        guard let tags = message.tags else { return "" }
        return ClientTagRules(configuration.deniedClientTags).passed(tags.clientOnly)
    }
}
