import ATProto
import Accounts
import Crypto
import Foundation
import IRCProtocol
import MainLoop
import OrderedCollections

/// Tokens with which a client uses the HTTP API as the person that it is logged in as (freeq's `API-BEARER`). Each connection has at most
/// one, and it ends with the login or the connection. Only hashes are kept, and in memory only.
@LoopActor
struct APIBearers {
    /// Tokens that are remembered when they end. Whoever shows one comes late and does not guess.
    static let endedLimit = 1000

    /// Never more than there are connections.
    private var sessions: [SHA256.Digest: Session] = [:]
    private var ended: OrderedSet<SHA256.Digest> = []

    /// A new token for `session`; the one that it had is void.
    mutating func issue(to session: Session) -> String {
        void(session)
        let token = RandomToken.make()
        let key = Self.key(token)
        session.apiBearer = key
        sessions[key] = session
        return token
    }

    /// The token of `session` counts no more.
    mutating func void(_ session: Session) {
        guard let key = session.apiBearer else { return }
        session.apiBearer = nil
        sessions[key] = nil
        ended.append(key)
        if ended.count > Self.endedLimit { ended.removeFirst() }
    }

    /// Whether it was a token of somebody not long ago.
    func isEnded(_ token: String) -> Bool { ended.contains(Self.key(token)) }

    /// Whose token it is.
    func session(_ token: String) -> Session? { sessions[Self.key(token)] }

    var count: Int { sessions.count }

    private static func key(_ token: String) -> SHA256.Digest { SHA256.hash(data: Data(token.utf8)) }
}

/// What a token is that somebody shows as that of a connection.
package enum BearerState: Sendable {
    /// A connection has it.
    case live
    /// One had it not long ago.
    case ended
    case unknown
}

extension Session {
    /// Whether its client knows what to do with a token for the HTTP API. Those of freeq do: they log in with a mechanism that is theirs, or
    /// come over a WebSocket without naming a subprotocol. To a person a token would be noise, and one more secret in a log.
    var takesAPIBearer: Bool { peer.takesLongLines || sasl.mechanism == .atprotoChallenge }
}

extension World {
    /// Gives the connection, which has just logged in, a token for the HTTP API.
    func giveAPIBearer(to session: Session) {
        guard session.takesAPIBearer else { return }
        let token = apiBearers.issue(to: session)
        session.send(Line(configuration.name, "NOTICE", ["*"], text: "API-BEARER \(token)"))
    }

    /// The connection that `token` was given to, while it may give commands: registered, logged in and not about to be cut.
    func session(bearer token: String) -> Session? {
        guard let session = apiBearers.session(token), session.isRegistered, session.doom == nil, session.client.identity != nil else {
            return nil
        }
        return session
    }

    package func state(ofBearer token: String) -> BearerState {
        if apiBearers.session(token) != nil { return .live }
        return apiBearers.isEnded(token) ? .ended : .unknown
    }
}
