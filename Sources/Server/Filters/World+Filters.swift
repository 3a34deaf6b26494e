import Accounts
import IRCProtocol
import Logging
import MainLoop
import NIOCore
import Store

/// What filters do with what people say.
extension World {
    /// What becomes of something.
    enum Filtered: Equatable {
        case passes
        /// Nobody is to get it, and who said it is not to know.
        case vanishes
        /// Nobody is to get it; who said it is told why.
        case blocked(reason: String)
    }

    /// Asks the filters about what `client` says. Free of cost where there are none.
    ///
    /// - Parameter channel: folded; nil: it is said to a person.
    func filter(
        _ text: @autoclosure () -> ByteBuffer, _ place: ContentFilter.Place, by client: Client, in channel: String?
    ) -> Filtered {
        guard !filters.isEmpty, Permissions.isFiltered(client) else { return .passes }
        let text = text()
        guard text.readableBytes > 0 else { return .passes }
        let found = filters.verdict(on: FilteredText(text), at: place, in: channel, hasAccount: client.identity != nil)
        guard let filter = found else { return .passes }
        counts.filtered.count(filter.action)
        let (number, target) = (filter.record.id, channel ?? "a person")
        announce(
            .filterHit,
            "Filter \(number) (\(filter.pattern.text)) catches \(client.source) (\(client.address)) in \(target): \(filter.action.rawValue)",
            [
                "filter": "\(number)", "action": filter.action.rawValue, "by": client.source, "address": client.address,
                "by_account": client.identity?.account ?? "-", "target": target, "place": place.rawValue,
            ])
        switch filter.action {
        case .warn: return .passes
        case .silent: return .vanishes
        case .block: return .blocked(reason: filter.record.reason)
        case .kill:
            turnAway(client, because: filter)
            return .vanishes
        case .ban:
            turnAway(client, because: filter)
            ban(client, because: filter)
            return .vanishes
        }
    }

    /// Ends the connections of `client` at the end of the turn: what it is doing is done first.
    private func turnAway(_ client: Client, because filter: ContentFilter) {
        stopStaying(client)
        for session in client.sessions { doom(session, .killed("Killed (\(filter.record.reason))")) }
    }

    /// Keeps the address of `client` out.
    private func ban(_ client: Client, because filter: ContentFilter) {
        // One person has all of an IPv6 /64.
        let mask = client.address.contains(":") ? client.address + "/64" : client.address
        guard !AddressGroup(client.address).isLoopback, let target = ServerBan.Target(mask),
            serverBans.find(target, isExemption: false) == nil
        else { return }
        let now = clock.wallMilliseconds
        let record = ServerBanRecord(
            mask: target.text, action: ServerBan.Action.reject.rawValue, reason: filter.record.reason,
            operatorReason: "filter \(filter.record.id)", setBy: "filter \(filter.record.id)", setAt: now,
            expiresAt: filter.record.banSeconds.map { now + $0 * 1000 })
        let (store, limit) = (services.serverBans, configuration.limits.serverBans)
        job {
            (try? await store.add(record, replacing: nil, limit: limit)) ?? nil
        } then: { [self] stored in
            guard let stored, let ban = ServerBan(stored) else { return }
            let caught = enforce(ban)
            audit(
                "ban.added", by: "filter \(filter.record.id)",
                ["mask": stored.mask, "reason": stored.reason, "number": "\(stored.id)", "disconnected": "\(caught)"])
        }
    }

    /// Forgets the filters that are over.
    func expireFilters() {
        guard !filters.isEmpty else { return }
        filters.expire(at: clock.wallMilliseconds)
    }

    /// Brings them back.
    func restoreFilters() async throws {
        for record in try await services.filters?.all(now: clock.wallMilliseconds) ?? [] {
            if let filter = ContentFilter(record) {
                filters.insert(filter)
            } else {
                logger.error("filter.unreadable", metadata: ["filter": "\(record.id)"])
            }
        }
    }
}

extension CommandContext {
    /// Whether the filters let `utterance` through. What they block is answered here, and what is to vanish looks as if it was said.
    func passesFilters(_ utterance: Utterance) -> Bool {
        guard !world.filters.isEmpty, Service.named(utterance.target) == nil, CaseMapping.fold(utterance.target) != playbackNick else {
            return true
        }
        let name = utterance.target.drop { MemberRank(prefix: $0) != nil }
        let channel = ChannelName.looksLikeChannel(name) ? CaseMapping.fold(name) : nil
        switch world.filter(utterance.filteredText, .message, by: client, in: channel) {
        case .passes: return true
        case .blocked(let reason):
            let numeric: Numeric = channel == nil ? .cannotSendToUser : .cannotSendToChannel
            refuse(utterance, numeric, "Your message is not sent on: \(reason)")
        case .vanishes:
            // What would have been refused is refused: otherwise the answer would tell.
            guard let target = accepted(utterance, in: channel) else { return true }
            echo(speech(utterance, to: target))
        }
        return false
    }

    /// Whom `utterance` would reach, as the echo names it; nil: nobody.
    private func accepted(_ utterance: Utterance, in folded: String?) -> String? {
        if let folded {
            guard let channel = world.channels[folded],
                Permissions.speak(utterance, in: channel, by: client, at: world.clock.uptime) == nil
            else { return nil }
            return (utterance.target.first.flatMap { MemberRank(prefix: $0) }.map { String($0.prefix) } ?? "") + channel.name.text
        }
        if utterance.target.hasPrefix("did:") { return utterance.target }
        guard let other = world.person(named: utterance.target), Permissions.contact(other, utterance, by: client) == nil else {
            return nil
        }
        if utterance.kind == .privmsg, let away = other.away { reply(.away, other.target, text: away) }
        return other.target
    }
}

extension Utterance {
    /// All words in it: the text, and those of a reaction.
    fileprivate var filteredText: ByteBuffer {
        guard !clientTags.isEmpty, let reaction = ChangeTags(clientTags).reaction else { return text }
        var all = text
        all.writeString(all.readableBytes > 0 ? " \(reaction)" : reaction)
        return all
    }
}
