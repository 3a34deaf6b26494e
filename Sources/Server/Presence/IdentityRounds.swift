package import ATProto
import Accounts
import IRCProtocol
import Logging
import MainLoop

/// Looks at the identities of connected people anew, now and then, and not at too many at once.
@LoopActor
struct IdentityRounds {
    /// Looked at together in the rounds.
    static let atOnce = 8
    /// Begun within one second.
    static let perSecond = 4
    /// Looked at together when somebody asks besides.
    static let limit = 32

    /// Those that are being looked at.
    fileprivate(set) var running: Set<DID> = []
}

extension World {
    /// One step of the rounds: those who were not looked at for longest, if it was long enough ago. Once a second.
    func reviewIdentities() {
        guard let interval = configuration.accounts.reviewInterval, services.review != nil else { return }
        let room = min(IdentityRounds.perSecond, IdentityRounds.atOnce - identityRounds.running.count)
        guard room > 0 else { return }
        let now = clock.uptime
        let due = clients.values.filter { client in
            guard now - client.identityCheckedAt >= interval, let did = client.identity?.did, did.method != .key else { return false }
            return !identityRounds.running.contains(did)
        }
        for client in due.sorted(by: { $0.identityCheckedAt < $1.identityCheckedAt }).prefix(room) {
            if let did = client.identity?.did { review(did) }
        }
    }

    /// The server of an account refused its session: perhaps the account is gone.
    package func identityDoubted(_ did: DID) {
        guard people(with: did).contains(where: { clock.uptime - $0.identityCheckedAt > .seconds(60) }) else { return }
        review(did)
    }

    /// Nobody waits for it, not even a stop.
    private func review(_ did: DID) {
        guard let look = beginReview(of: did) else { return }
        Task { @LoopActor in await finishReview(of: did, look) }
    }

    /// Looks at an identity anew and acts on what is found. Somebody who is looked at already is not looked at twice.
    func reviewed(_ did: DID) async -> IdentityVerdict {
        guard let look = beginReview(of: did) else { return .unknown }
        return await finishReview(of: did, look)
    }

    private func beginReview(of did: DID) -> (@Sendable (DID) async -> IdentityVerdict)? {
        guard let look = services.review, identityRounds.running.count < IdentityRounds.limit, !isShuttingDown,
            identityRounds.running.insert(did).inserted
        else { return nil }
        return look
    }

    @discardableResult
    private func finishReview(of did: DID, _ look: @Sendable (DID) async -> IdentityVerdict) async -> IdentityVerdict {
        defer { identityRounds.running.remove(did) }
        let verdict = await look(did)
        guard !isShuttingDown else { return .unknown }
        // Whatever was found: the next look is not before the others had theirs.
        for client in people(with: did) { client.identityCheckedAt = clock.uptime }
        switch verdict {
        case .gone(let reason): await close(did, because: reason)
        case .stands(let handle): note(handle, of: did)
        case .unknown: break
        }
        return verdict
    }

    private func people(with did: DID) -> [Client] { clients.values.filter { $0.identity?.did == did } }

    /// An identity is over: so is all that rests on it. A local account that it is linked to stays, and so do connections that logged in
    /// to that with something else.
    private func close(_ did: DID, because reason: String) async {
        logger.notice("identity.gone", metadata: ["did": "\(did)", "reason": "\(reason)"])
        // A login that is judged just now has not heard of it.
        closings += 1
        // First the logins, then those who see that they are disconnected: what they are told is so by then.
        _ = try? await services.webLogins?.endWebLogins(of: did, reason: reason)
        endAll(reason: "Identity is gone: \(reason)") { $0.did == did && !$0.isLocal }
        separate(did, reason: "Identity is gone: \(reason)")
    }

    /// What rests on the handle of `did` goes by `handle` from now on.
    private func note(_ handle: Handle?, of did: DID) {
        for client in people(with: did) where client.identity?.handle != handle {
            client.identity?.handle = handle
            keep(client)
            let text = handle.map { "Your handle is @\($0) now" } ?? "Your handle could not be verified and is not shown any more"
            client.send(Line(configuration.name, "NOTICE", [client.target], text: text))
            guard remains(client) else { continue }
            throwOutWhereUnwanted(client)
            turnAwayIfBanned(client)
        }
    }

    /// Takes somebody who goes by something else now out of the channels that keep such people out (AKICK).
    func throwOutWhereUnwanted(_ client: Client) {
        for channel in Array(client.channels.values) {
            guard let entry = Permissions.keptOut(client, of: channel) else { continue }
            throwOut(client, of: channel, by: chanServ, reason: entry.reason)
        }
    }

    /// Ends whoever may not be here by the configuration; false when it is gone.
    func remains(_ client: Client) -> Bool {
        if Permissions.enter(as: client.identity, configuration) { return true }
        end(client, reason: "Your account is not on the list of this server any more")
        return false
    }
}
