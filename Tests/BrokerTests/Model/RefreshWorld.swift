import Foundation

@testable import ATProto
@testable import Broker
@testable import Store

/// One session with everything that its fate hangs on: the real ``RefreshMachine`` of the process, the row on disk, the
/// authorization server, and what is between them.
///
/// There are finitely many worlds. Tokens are named by their age: the newest of the server is `t0`, and all others are alike.
/// Times are relative to a clock that stands, and those that are past, or out of reach, are alike.
struct RefreshWorld: Hashable {
    /// One task of the process that runs a machine. A daemon has one of them for a session.
    struct Flight: Hashable {
        var machine = RefreshWorld.restingMachine
        /// What the server has answered and the process has not read yet.
        var answer: ServerAnswer?
        /// Ticks since the rotation in the machine came.
        var age = 0
        /// Whether the server vouched for the owner in this flight.
        var isVouched = false
        /// Whether the database failed in this flight, or there was no room.
        var isTroubled = false
    }

    var flights = [Flight()]
    var row = RefreshWorld.openedRow
    /// The age of the refresh token on disk.
    var stored = 0
    /// The ticks that the access token on disk is really in force for, whatever the clock says.
    var accessLife = RefreshWorld.lifetime
    /// Whether the server still has the session.
    var isAlive = true
    /// Whether an answer with the newest token was lost on the way, or in the memory of a process that died.
    var isLost = false
    /// The owner ended the session here.
    var isEnded = false
    /// The account is gone or moved, or the server mixed accounts up: a reason to end the session that is none of the broker's making.
    var isDisowned = false
    /// The age of a token in a request that nobody waits for any more and that may still arrive.
    var straggler: Int?

    static let now: Int64 = 1_800_000_000_000
    static let tick: Int64 = 60_000
    /// Of access tokens, in ticks.
    static let lifetime = 2
    /// An access token with one tick left is not fresh and still in force.
    static let margin = tick
    /// That it doubles is tested elsewhere; here it would only multiply the worlds.
    static let backoff = Backoff(first: .milliseconds(tick), longest: .milliseconds(tick))
    /// Further ahead than any time that is believed.
    static let farAhead = now + 1000 * tick
    static let past = now - tick

    static let restingMachine = RefreshMachine(id: "s", firstRetry: .seconds(5))

    static let openedRow = PDSSession(
        id: "s", did: "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", pds: "https://p", issuer: "https://a", clientID: "c", clientKey: nil,
        scope: "atproto", state: .live,
        accessExpiresAt: now + Int64(lifetime) * tick, generation: 0, intent: nil, failures: 0, retryAt: nil, handle: nil,
        handleCheckedAt: 0, createdAt: 0, usedAt: 0)

    /// A note on disk that the token of this age is about to be sent.
    static func note(_ age: Int) -> PDSSession.Intent { PDSSession.Intent(startedAt: 0, tokenHash: Renaming.hashes[age]) }

    /// Full equality decides; this is only to be fast.
    func hash(into hasher: inout Hasher) {
        hasher.combine(row.accessExpiresAt)
        hasher.combine(row.retryAt)
        hasher.combine(row.intent == nil)
        hasher.combine(stored)
        hasher.combine(accessLife)
        hasher.combine(straggler)
        hasher.combine([isAlive, isLost, isEnded, isDisowned, row.isDead])
        for flight in flights {
            hasher.combine(flight.answer)
            hasher.combine(flight.age)
            hasher.combine(flight.isTroubled)
            hasher.combine(flight.machine.stage.number)
            hasher.combine(flight.machine.stage.session?.accessExpiresAt)
            hasher.combine(flight.machine.stage.session?.retryAt)
            hasher.combine(flight.machine.unsaved?.answeredAt)
        }
    }

    /// Whether the session can be saved: its server has it, and nothing happened that no client could mend.
    var isSalvageable: Bool { isAlive && !isLost && !isEnded && !isDisowned }
}

/// What a server answers to a refresh.
enum ServerAnswer: Hashable, CaseIterable {
    case rotated, rotatedWithoutScope, kept, keptWithoutScope, otherAccount, refused

    /// As the client reads it.
    var outcome: RefreshOutcome { Self.outcomes[self] ?? .dead(reason: "") }

    /// Whether there is a new token in it.
    var isRotation: Bool { self == .rotated || self == .rotatedWithoutScope || self == .otherAccount }

    /// Whether the server vouches for the owner.
    var vouches: Bool { self == .rotated || self == .kept }

    /// The same answer with a token one older.
    static let older: [TokenAnswer: TokenAnswer] = {
        let changes = allCases.filter(\.isRotation).flatMap { answer in
            [(answer.tokens(0), answer.tokens(1)), (answer.tokens(1), answer.tokens(1))]
        }
        return Dictionary(uniqueKeysWithValues: changes.compactMap { old, new in old.flatMap { old in new.map { (old, $0) } } })
    }()

    private static let outcomes = Dictionary(
        uniqueKeysWithValues: allCases.map { answer in
            (answer, answer == .refused ? RefreshOutcome(status: 400, #"{"error":"invalid_grant"}"#) : .rotatedOrDead(answer.tokens(0)))
        })

    private func tokens(_ age: Int) -> TokenAnswer? {
        var members: [String: Any] = [
            "access_token": "a", "token_type": "DPoP", "sub": RefreshWorld.openedRow.did, "scope": "atproto",
            "expires_in": Int64(RefreshWorld.lifetime) * RefreshWorld.tick / 1000,
        ]
        if isRotation { members["refresh_token"] = Renaming.tokens[age] }
        if self == .rotatedWithoutScope || self == .keptWithoutScope { members["scope"] = nil }
        if self == .otherAccount { members["sub"] = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb" }
        return TokenAnswer(json: (try? JSONSerialization.data(withJSONObject: members)) ?? Data())
    }
}

extension RefreshOutcome {
    fileprivate static func rotatedOrDead(_ tokens: TokenAnswer?) -> RefreshOutcome {
        tokens.map { .rotated($0) } ?? .dead(reason: "")
    }

    /// An answer as the client sorts it.
    init(status: Int, _ body: String, retryAfter: String? = nil) {
        self.init(OAuthAnswer(status: status, body: Data(body.utf8), retryAfter: retryAfter, now: 0))
    }
}
