import IRCProtocol

/// What makes a channel somebody's own: it stays while nobody is in it, and its people get their ranks when they enter.
///
/// Accounts are kept as they are spelled and compared folded.
struct ChannelRegistration: Sendable, Codable {
    /// Entries of the access list and of the list of those kept out, each.
    static let entryLimit = 500

    /// The account that may do everything here.
    var founder: String
    /// The account that gets it when the founder's is deleted.
    var successor: String?
    /// Seconds since 1970.
    var registeredAt: Int64
    /// The account that may take it over (`TRANSFER`).
    var offeredTo: String?
    /// Who gets which rank, by folded account.
    private(set) var access: [String: Access] = [:]
    /// Who is kept out, oldest first.
    private(set) var keptOut: [KeptOut] = []
    var lock: ModeLock?

    init(founder: String, registeredAt: Int64) {
        (self.founder, self.registeredAt) = (founder, registeredAt)
    }

    /// One entry of the access list.
    struct Access: Sendable, Codable {
        var account: String
        /// The letter of the rank.
        var rank: String
        /// The account of who set it.
        var setBy: String
        /// Seconds since 1970.
        var setAt: Int64
    }

    /// One entry of the list of those kept out (`AKICK`).
    struct KeptOut: Sendable, Codable {
        var mask: String
        var reason: String
        var setBy: String
        var setAt: Int64
    }

    /// The rank that an account has here; nil when it has none.
    func rank(of account: String) -> MemberRank? {
        let account = CaseMapping.fold(account)
        if account == CaseMapping.fold(founder) { return .founder }
        return access[account]?.rank.first.flatMap { ChannelMode(rawValue: $0) }.flatMap { MemberRank(mode: $0) }
    }

    /// Gives an account a rank, or with nil takes it away. False when the list is full, or when there was nothing to take.
    mutating func setAccess(_ account: String, _ rank: MemberRank?, by setter: String, at now: Int64) -> Bool {
        let folded = CaseMapping.fold(account)
        guard let rank else { return access.removeValue(forKey: folded) != nil }
        guard access[folded] != nil || access.count < Self.entryLimit else { return false }
        access[folded] = Access(account: account, rank: String(rank.mode.rawValue), setBy: setter, setAt: now)
        return true
    }

    mutating func clearAccess() { access = [:] }

    /// False when the list is full or has the mask already.
    mutating func keepOut(_ mask: BanMask, reason: String, by setter: String, at now: Int64) -> Bool {
        guard keptOut.count < Self.entryLimit, !keptOut.contains(where: { BanMask($0.mask) == mask }) else { return false }
        keptOut.append(KeptOut(mask: mask.text, reason: reason, setBy: setter, setAt: now))
        return true
    }

    /// False when the list does not have the mask.
    mutating func letIn(_ mask: BanMask) -> Bool {
        let before = keptOut.count
        keptOut.removeAll { BanMask($0.mask) == mask }
        return keptOut.count < before
    }
}

/// Modes that nobody may change (`SET <channel> MLOCK`).
struct ModeLock: Sendable, Codable {
    /// As it is shown and stored: `+nt-s`, with the parameters behind.
    let text: String
    /// What it demands; empty for a text that is none.
    var changes: [ModeChange<ChannelMode>] {
        var words = text.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return [] }
        let letters = words.removeFirst()
        return ChannelModeRequest(letters: letters, parameters: words).changes
    }

    /// Nil when `text` has anything but flags and modes with a setting.
    init?(_ text: String) {
        var words = text.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return nil }
        let letters = words.removeFirst()
        let request = ChannelModeRequest(letters: letters, parameters: words)
        guard request.unknown.isEmpty, request.missingParameter.isEmpty, !request.changes.isEmpty,
            request.changes.allSatisfy({ [.flag, .always, .whenSet].contains($0.mode.kind) })
        else { return nil }
        self.text = text
    }

    func contains(_ mode: ChannelMode) -> Bool { changes.contains { $0.mode == mode } }
}
