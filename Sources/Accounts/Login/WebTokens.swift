package import ATProto
import Crypto
import DequeModule
import Foundation
package import MainLoop
import OrderedCollections

/// The single-use tokens with which a browser that logged in at the broker logs in to IRC. Only their hashes are kept.
@LoopActor
package final class WebTokens {
    /// How long a token is good. Some clients keep one for 28 minutes before they use it.
    package nonisolated static let lifetime: Duration = .seconds(30 * 60)

    /// Whose a token is.
    package struct Owner: Sendable {
        package let did: DID
        package let handle: Handle?
        /// The login at the broker that it was minted for; nil when it rests on none.
        package let login: String?
    }

    private struct Entry {
        let owner: Owner
        let expiresAt: Duration
    }

    private let clock: any LoopClock
    private let capacity: Int
    private var entries: [SHA256Digest: Entry] = [:]
    /// The keys of `entries` by age, with some that were redeemed already.
    private var order: Deque<SHA256Digest> = []
    /// The keys of those that rest on a login.
    private var byLogin: [String: Set<SHA256Digest>] = [:]
    /// Logins that ended lately, the oldest first: what was redeemed for them may still be on its way to a connection.
    private var over: OrderedSet<String> = []
    /// How many of them are remembered.
    package nonisolated static let rememberedEnds = 10_000

    /// - Parameter capacity: tokens that may be out at once; the oldest goes when there are more.
    package init(clock: any LoopClock, capacity: Int = 100_000) {
        (self.clock, self.capacity) = (clock, capacity)
    }

    /// A new token for this identity.
    ///
    /// - Parameter login: the login at the broker that it rests on: when that ends, the token is void.
    package func mint(did: DID, handle: Handle?, login: String? = nil) -> String {
        let token = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
        while let oldest = order.first, order.count >= capacity || entries[oldest].map({ $0.expiresAt <= clock.uptime }) ?? true {
            _ = take(oldest)
            order.removeFirst()
        }
        let key = SHA256.hash(data: Data(token.utf8))
        entries[key] = Entry(owner: Owner(did: did, handle: handle, login: login), expiresAt: clock.uptime + Self.lifetime)
        order.append(key)
        if let login { byLogin[login, default: []].insert(key) }
        return token
    }

    /// Whose token this is; it is void from now on. Nil when it is unknown, used or too old.
    package func redeem(_ token: String) -> Owner? {
        guard let entry = take(SHA256.hash(data: Data(token.utf8))), entry.expiresAt > clock.uptime else { return nil }
        return entry.owner
    }

    private func take(_ key: SHA256Digest) -> Entry? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        if let login = entry.owner.login {
            byLogin[login]?.remove(key)
            if byLogin[login]?.isEmpty == true { byLogin[login] = nil }
        }
        return entry
    }

    /// Makes the tokens that rest on these logins void.
    package func void(logins: Set<String>) {
        over.append(contentsOf: logins)
        if over.count > Self.rememberedEnds { over.removeFirst(over.count - Self.rememberedEnds) }
        for key in logins.flatMap({ byLogin[$0] ?? [] }) { _ = take(key) }
    }

    /// Makes all tokens of an identity void.
    package func void(did: DID) {
        for key in entries.filter({ $0.value.owner.did == did }).keys { _ = take(key) }
    }

    /// Whether this login ended lately.
    package func isOver(_ login: String) -> Bool { over.contains(login) }

    /// How many tokens are out.
    package var count: Int { entries.count }
}
