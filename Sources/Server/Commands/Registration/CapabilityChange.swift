import IRCProtocol
import MainLoop

/// What happens to those who are connected when the server offers something else than before (IRCv3 capability negotiation,
/// "The CAP NEW subcommand").
struct CapabilityChange {
    /// Names of what is offered no longer.
    let gone: [String]
    /// What was not offered before.
    let new: [CapabilityOffer]
    /// What has another value than before.
    let changed: [CapabilityOffer]

    /// - Parameter kind: the connections that it is about.
    init(from old: [CapabilityOffer], to offers: [CapabilityOffer], for kind: ConnectionKind) {
        var changed = offers.filter { offer in old.contains { $0.name == offer.name && $0.value != offer.value } }
        var gone = old.map(\.name).filter { name in !offers.contains { $0.name == name } }
        new = offers.filter { offer in !old.contains { $0.name == offer.name } }
        // A policy is not taken back but ended, over a connection on which nobody reads along (sts, "Removing an STS policy").
        if let policy = gone.firstIndex(of: CapabilityOffer.strictTransport) {
            gone.remove(at: policy)
            if kind.isSecure { changed.append(CapabilityOffer(name: CapabilityOffer.strictTransport, value: "duration=0")) }
        }
        (self.gone, self.changed) = (gone, changed)
    }
}

extension World {
    /// Takes from everybody what is offered no longer, and tells those who follow it what changed.
    ///
    /// - Parameter before: what was offered to each kind of connection.
    func announceOffers(since before: [ConnectionKind: [CapabilityOffer]]) {
        let changes = Dictionary(
            uniqueKeysWithValues: before.map { kind, old in (kind, CapabilityChange(from: old, to: offers(to: kind), for: kind)) })
        for session in sessions.values {
            if let change = changes[ConnectionKind(session)] { session.take(change) }
        }
    }
}

extension Session {
    fileprivate func take(_ change: CapabilityChange) {
        for name in change.gone {
            if let capability = Capability(name: name) { capabilities.remove(capability) }
        }
        guard capabilities.contains(.capNotify) else { return }
        // Whoever does not know version 302 knows no values.
        let new =
            usesCapVersion302
            ? (change.new + change.changed).map(\.text) : change.new.map(\.name).filter { $0 != CapabilityOffer.strictTransport }
        for (subcommand, names) in [("DEL", change.gone), ("NEW", new)] where !names.isEmpty {
            for line in cap(subcommand, names) { write(line) }
        }
    }
}
