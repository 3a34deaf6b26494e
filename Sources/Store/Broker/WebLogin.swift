/// Where a login came from, as far as it is known.
package struct LoginPlace: Hashable, Sendable {
    /// Bytes of ``agent``.
    package static let agentLimit = 160

    /// The address that began the login; nil when it came through a proxy of this machine.
    package let address: String?
    /// What the browser says of itself: printable ASCII, at most ``agentLimit`` bytes.
    package let agent: String?

    /// - Parameter agent: as the browser sent it; what cannot be shown is left out.
    package init(address: String? = nil, agent: String? = nil) {
        self.address = address
        let shown = (agent ?? "").unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.prefix(Self.agentLimit)
        self.agent = shown.isEmpty ? nil : String(String.UnicodeScalarView(shown))
    }
}

/// A session of the broker as its owner sees it.
package struct WebLogin: Hashable, Sendable {
    /// Bytes of a name.
    package static let nameLimit = 60

    /// Names the session everywhere; no secret.
    package let id: String
    /// Whose it is.
    package let did: String
    /// Counts up for each account, and stays.
    package let number: Int
    /// What the owner calls it.
    package let name: String?
    /// Where the login came from.
    package let place: LoginPlace
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970, to the hour.
    package let usedAt: Int64
    /// Why it is over; nil while it is not.
    package let endedBecause: String?

    /// A name as it may be shown: without control characters and at its ends without spaces. Nil when nothing or too much is left.
    package static func name(_ typed: String) -> String? {
        guard typed.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return nil }
        let words = typed.split(separator: " ").joined(separator: " ")
        return (1...nameLimit).contains(words.utf8.count) ? words : nil
    }
}
