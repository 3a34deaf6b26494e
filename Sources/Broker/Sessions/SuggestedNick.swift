import ATProto

/// The nickname a client is told to use.
enum SuggestedNick {
    private static let hosts = [".bsky.social", ".bsky.app", ".bsky.team", ".bsky.network"]

    /// The handle without the domain of a large host (freeq-wire 1.11), or the whole handle. Without a verified handle,
    /// something short made of the DID.
    static func make(handle: Handle?, did: DID) -> String {
        guard let text = handle?.text else {
            let parts = did.text.split(separator: ":").dropFirst()
            let tail = (parts.last ?? "").lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
            return "\(parts.first ?? "did")-\(tail.prefix(8))"
        }
        for host in hosts where text.hasSuffix(host) && text.utf8.count > host.utf8.count {
            return String(text.dropLast(host.count))
        }
        return text
    }
}
