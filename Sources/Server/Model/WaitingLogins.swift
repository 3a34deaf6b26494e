import ATProto
import Collections
import Crypto
import Foundation
import MainLoop
import OrderedCollections

/// Connections that wait for their person to log in with a browser, or to link an identity to their account there. Each has
/// one link, which counts once; only its hash is kept.
@LoopActor
struct WaitingLogins {
    static let lifetime: Duration = .seconds(600)
    /// Links that count at once.
    static let limit = 1000
    /// Links that connections of one address have at once.
    static let perAddress = 5

    struct Waiting {
        weak var session: Session?
        /// What the person said it is: a handle, a DID or a PDS.
        let account: String
        /// The local account to which that is to be linked; nil: it is to be logged in.
        let linksTo: String?
        let askedAt: Duration
        /// The group of addresses.
        let address: String
    }

    /// In the order of their end, since all last equally long.
    private var entries: OrderedDictionary<SHA256.Digest, Waiting> = [:]

    /// A new link for a connection, whose earlier one is void; nil when there are too many.
    mutating func open(
        for session: Session, as account: String, linkingTo local: String? = nil, address: String, at now: Duration
    ) -> String? {
        entries.removeAll { $0.value.session == nil || $0.value.session === session || now - $0.value.askedAt >= Self.lifetime }
        guard entries.count < Self.limit, entries.values.count(where: { $0.address == address }) < Self.perAddress else { return nil }
        let link = RandomToken.make()
        entries[Self.key(link)] = Waiting(session: session, account: account, linksTo: local, askedAt: now, address: address)
        return link
    }

    /// Who waits behind `link`; nil when it does not count any more.
    func find(_ link: String, at now: Duration) -> Waiting? {
        entries[Self.key(link)].flatMap { now - $0.askedAt < Self.lifetime ? $0 : nil }
    }

    /// As ``find(_:at:)``; the link is void from now on.
    mutating func take(_ link: String, at now: Duration) -> Waiting? {
        let found = find(link, at: now)
        entries[Self.key(link)] = nil
        return found
    }

    var count: Int { entries.count }

    private static func key(_ link: String) -> SHA256.Digest { SHA256.hash(data: Data(link.utf8)) }
}
