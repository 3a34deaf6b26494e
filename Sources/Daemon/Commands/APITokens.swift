import IRCProtocol
import MainLoop
package import Store

/// Tokens for the HTTP API, from the command line. Works beside a running server: both use the same database.
package enum APITokens {
    /// What is asked for, as it is typed.
    package struct Order: Sendable {
        package var name: String
        /// By name; several may stand in one text, with commas between them.
        package var scopes: [String]
        /// What the scopes about channels are narrowed to; none: all channels.
        package var channels: [String]
        /// How long it lasts, such as `90d`; nil: until it is revoked.
        package var expires: String?

        package init(name: String, scopes: [String], channels: [String] = [], expires: String? = nil) {
            (self.name, self.scopes, self.channels, self.expires) = (name, scopes, channels, expires)
        }
    }

    /// Bytes of a name.
    static let nameLimit = 64
    /// Channels that one token may be narrowed to.
    static let channelLimit = 100

    /// Makes a token.
    ///
    /// - Throws: ``StartError``.
    package static func add(_ order: Order, in directory: String) async throws(StartError) -> String {
        let wanted = try token(order, now: SystemClock().wallMilliseconds)
        guard let token = try await with(directory, { try await $0.create(wanted) }) else {
            throw StartError("token name", "there is a token \(order.name) already", remedy: "revoke it, or choose another name")
        }
        return token
    }

    /// All tokens, by name.
    ///
    /// - Throws: ``StartError``.
    package static func list(in directory: String) async throws(StartError) -> [APIToken] {
        try await with(directory) { try await $0.list() }
    }

    /// Makes a token void.
    ///
    /// - Throws: ``StartError``.
    package static func revoke(name: String, in directory: String) async throws(StartError) {
        guard try await with(directory, { try await $0.revoke(name: name) }) else {
            throw StartError("token name", "there is no token \(name)", remedy: "roost token list shows them")
        }
    }

    private static func with<Result: Sendable>(
        _ directory: String, _ body: (APITokenStore) async throws -> Result
    ) async throws(StartError) -> Result {
        try await OfflineDatabase.with(directory) { database, _ in try await body(APITokenStore(database)) }
    }

    // MARK: What is typed

    /// The token that an order asks for.
    ///
    /// - Parameter now: milliseconds since 1970.
    static func token(_ order: Order, now: Int64) throws(StartError) -> APIToken {
        let isName = !order.name.isEmpty && order.name.utf8.count <= nameLimit && order.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isName else {
            throw StartError("token name", "\"\(order.name)\" is none", remedy: "use up to \(nameLimit) letters, digits and signs")
        }
        let scopes = try scopes(order.scopes)
        // It acts in channels under its name.
        guard scopes.isDisjoint(with: [.messagesSend, .channelsAdmin]) || Nickname(order.name, limit: nameLimit) != nil else {
            throw StartError("token name", "\"\(order.name)\" can do nothing in channels", remedy: "use only what a nickname may have")
        }
        var token = APIToken(name: order.name, scopes: scopes, channels: try channels(order.channels, scopes), createdAt: now)
        if let typed = order.expires {
            guard let time = LastingTime(typed) else {
                throw StartError("--expires", "\"\(typed)\" is no time", remedy: "write 90d or 12h; leave it out for a token that lasts")
            }
            token.expiresAt = time.seconds.map { now + $0 * 1000 }
        }
        return token
    }

    private static func scopes(_ typed: [String]) throws(StartError) -> Set<APIScope> {
        var scopes: Set<APIScope> = []
        for name in typed.flatMap({ $0.split(separator: ",") }) {
            guard let scope = APIScope(rawValue: String(name)) else {
                throw StartError("--scope", "there is no scope \(name)", remedy: "there are \(known)")
            }
            scopes.insert(scope)
        }
        guard !scopes.isEmpty else { throw StartError("--scope", "says what the token is for", remedy: "there are \(known)") }
        return scopes
    }

    private static func channels(_ typed: [String], _ scopes: Set<APIScope>) throws(StartError) -> Set<String>? {
        guard !typed.isEmpty else { return nil }
        guard scopes.contains(where: \.isAboutChannels) else {
            throw StartError("--channel", "narrows scopes about channels, and there is none of these", remedy: "leave it out")
        }
        var channels: Set<String> = []
        for name in typed.flatMap({ $0.split(separator: ",") }) {
            guard let channel = ChannelName(name, limit: 200) else {
                throw StartError("--channel", "\"\(name)\" is no name of a channel", remedy: "write '#name', in quotes")
            }
            channels.insert(channel.folded)
        }
        guard (1...channelLimit).contains(channels.count) else {
            throw StartError("--channel", "takes 1 to \(channelLimit) channels", remedy: "make several tokens")
        }
        return channels
    }

    private static var known: String { APIScope.allCases.map(\.rawValue).joined(separator: ", ") }
}
