import ATProto
import Collections
import Crypto
import Foundation
import MainLoop
import OrderedCollections

/// Tokens that people show to programs beside the chat, to prove who they are (draft/authtoken). Each counts once, and only for the
/// service it was made for; only its hash is kept.
@LoopActor
struct IssuedTokens {
    static let lifetime: Duration = .seconds(600)
    /// Tokens that count at once; a further one makes the oldest void.
    static let limit = 10_000

    struct Issued {
        /// The name of the service.
        let service: String
        weak var client: Client?
        /// The account at that time: whoever logs out takes the token along.
        let account: String
        /// The channel or name that it was made for.
        let scope: String?
        fileprivate let expiresAt: Duration
    }

    private var tokens: OrderedDictionary<SHA256.Digest, Issued> = [:]

    /// A new token.
    mutating func issue(for client: Client, account: String, service: String, scope: String?, at now: Duration) -> String {
        let token = RandomToken.make()
        let old = tokens.values.prefix { $0.expiresAt <= now }.count
        tokens.removeFirst(max(old, tokens.count - Self.limit + 1, 0))
        tokens[Self.key(token)] = Issued(
            service: service, client: client, account: account, scope: scope, expiresAt: now + Self.lifetime)
        return token
    }

    /// What `token` says, if it counts for `service`. It is void from now on.
    mutating func redeem(_ token: String, service: String, at now: Duration) -> Issued? {
        let key = Self.key(token)
        guard let issued = tokens[key], issued.service == service else { return nil }
        tokens[key] = nil
        return issued.expiresAt > now ? issued : nil
    }

    var count: Int { tokens.count }

    private static func key(_ token: String) -> SHA256.Digest { SHA256.hash(data: Data(token.utf8)) }
}
