import IRCProtocol
import Store

/// The bans of the server and the exemptions from them, so arranged that a look at one person is cheap: networks by prefix, names without
/// `*` and `?` by name; only what is left is tried one by one.
struct ServerBans {
    private var bans = Index()
    private var exemptions = Index()
    private var byID: [Int64: ServerBan] = [:]

    init() {}

    /// In the order in which they were set.
    var all: [ServerBan] { byID.values.sorted { $0.record.id < $1.record.id } }
    var count: Int { byID.count }
    /// Those that have to be tried one by one.
    var patternCount: Int { bans.patterns.count + exemptions.patterns.count }

    subscript(id: Int64) -> ServerBan? { byID[id] }

    /// The ban on exactly this target, or the exemption.
    func find(_ target: ServerBan.Target, isExemption: Bool) -> ServerBan? {
        byID.values.first { $0.target == target && ($0.action == .exempt) == isExemption }
    }

    /// Adds `ban` in the place of the one with the same target.
    mutating func insert(_ ban: ServerBan) {
        if let old = find(ban.target, isExemption: ban.action == .exempt) { remove(old.record.id) }
        byID[ban.record.id] = ban
        if ban.action == .exempt { exemptions.insert(ban) } else { bans.insert(ban) }
    }

    @discardableResult
    mutating func remove(_ id: Int64) -> ServerBan? {
        guard let ban = byID.removeValue(forKey: id) else { return nil }
        if ban.action == .exempt { exemptions.remove(ban) } else { bans.remove(ban) }
        return ban
    }

    /// Forgets those that are over.
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func expire(at now: Int64) {
        for ban in Array(byID.values) where ban.isOver(at: now) { remove(ban.record.id) }
    }

    /// The ban that keeps `subject` out at `now`; nil when there is none, or an exemption from it. One that keeps everybody out comes
    /// before one that lets in those who log in.
    func ban(on subject: BanSubject, at now: Int64) -> ServerBan? {
        let found = bans.catching(subject).filter { !$0.isOver(at: now) && ($0.action == .reject || subject.account == nil) }
        guard let ban = found.first(where: { $0.action == .reject }) ?? found.first else { return nil }
        return isExempt(subject, at: now) ? nil : ban
    }

    /// Whether no ban catches `subject`.
    func isExempt(_ subject: BanSubject, at now: Int64) -> Bool {
        exemptions.catching(subject).contains { !$0.isOver(at: now) }
    }

    /// One of both kinds.
    private struct Index {
        private var ranges: [AddressRange: ServerBan] = [:]
        /// How many networks have this many bits; IPv6 and IPv4.
        private var prefixes: [Bool: [Int: Int]] = [:]
        private var names: [Name: ServerBan] = [:]
        private(set) var patterns: [ServerBan] = []

        private struct Name: Hashable {
            let subject: BanMask.Subject
            let text: String
        }

        private static func name(_ ban: ServerBan) -> Name? {
            guard case .person(let mask) = ban.target, !ban.target.isPattern, let subject = mask.subject, let text = mask.pattern.literal
            else { return nil }
            return Name(subject: subject, text: text)
        }

        mutating func insert(_ ban: ServerBan) {
            if case .address(let range) = ban.target {
                ranges[range] = ban
                prefixes[range.isIPv6, default: [:]][range.prefix, default: 0] += 1
            } else if let name = Self.name(ban) {
                names[name] = ban
            } else {
                patterns.append(ban)
            }
        }

        mutating func remove(_ ban: ServerBan) {
            if case .address(let range) = ban.target {
                ranges[range] = nil
                let left = (prefixes[range.isIPv6]?[range.prefix] ?? 1) - 1
                prefixes[range.isIPv6]?[range.prefix] = left > 0 ? left : nil
            } else if let name = Self.name(ban) {
                names[name] = nil
            } else {
                patterns.removeAll { $0.record.id == ban.record.id }
            }
        }

        func catching(_ subject: BanSubject) -> [ServerBan] {
            subject.addresses.flatMap(catching) + named(subject) + patterns.filter { $0.target.catches(subject) }
        }

        private func catching(_ address: String) -> [ServerBan] {
            guard !ranges.isEmpty, !AddressGroup(address).isLoopback, let single = AddressRange(address) else { return [] }
            return (prefixes[single.isIPv6] ?? [:]).keys.compactMap { bits in single.widened(to: bits).flatMap { ranges[$0] } }
        }

        private func named(_ subject: BanSubject) -> [ServerBan] {
            guard !names.isEmpty else { return [] }
            let domains = subject.handle.map {
                ServerBan.Target.domains(above: $0).map { Name(subject: .handle, text: CaseMapping.fold($0)) }
            }
            let others = [BanMask.Subject.account, .did, .certificate].flatMap { kind in
                subject.texts(kind).map { Name(subject: kind, text: CaseMapping.fold($0)) }
            }
            return ((domains ?? []) + others).compactMap { names[$0] }
        }
    }
}
