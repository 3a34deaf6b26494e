import IRCProtocol
import Store

/// A ban of the whole server, or an exemption from them.
struct ServerBan: Sendable {
    /// What happens to those it catches.
    enum Action: String, Sendable {
        /// They are not let in.
        case reject
        /// They are let in when they log in.
        case requireLogin = "require-login"
        /// No other ban catches them.
        case exempt
    }

    /// Whom it catches.
    enum Target: Sendable, Hashable {
        case address(AddressRange)
        /// Neither a mute nor over channels.
        case person(BanMask)
    }

    let target: Target
    let action: Action
    let record: ServerBanRecord

    /// Nil for a record of another version of this program.
    init?(_ record: ServerBanRecord) {
        guard let target = Target(record.mask), let action = Action(rawValue: record.action) else { return nil }
        (self.target, self.action, self.record) = (target, action, record)
    }

    /// Whether it is on an address or network.
    var isOnAddress: Bool {
        if case .address = target { true } else { false }
    }

    /// Whether it is over.
    ///
    /// - Parameter now: milliseconds since 1970.
    func isOver(at now: Int64) -> Bool { record.expiresAt.map { $0 <= now } ?? false }
}

extension ServerBan.Target {
    /// An address or network (also behind `*@`), a mask with `!` or `@`, or an extended ban; nil for anything else.
    init?(_ typed: String) {
        let host = ["*!*@", "*@", "*!@"].first { typed.hasPrefix($0) }.map { typed.dropFirst($0.count) } ?? typed[...]
        if let range = AddressRange(String(host)) {
            self = .address(range)
            return
        }
        guard let mask = BanMask(typed), !mask.isMute, mask.subject != .channel else { return nil }
        if mask.subject == nil {
            guard typed.contains("!") || typed.contains("@") else { return nil }
            // Such a mask would look like a network and catch nobody.
            let host = mask.pattern.text.split(separator: "@").last ?? ""
            guard !host.contains("/") || AddressRange(String(host)) == nil else { return nil }
        }
        self = .person(mask)
    }

    /// Canonical.
    var text: String {
        switch self {
        case .address(let range): range.description
        case .person(let mask): mask.subject.map { "\($0.name):\(mask.pattern.text)" } ?? mask.pattern.text
        }
    }

    /// Whether it catches so much that it may be a slip: more than 1/256 of all IPv4 addresses, more than 1/65536 of those of IPv6,
    /// or a mask with fewer than three letters and digits.
    var isBroad: Bool {
        switch self {
        case .address(let range): range.prefix < (range.isIPv6 ? 16 : 8)
        case .person(let mask): mask.pattern.exactness < 3
        }
    }

    /// Whether it has to be tried on everybody: it cannot be looked up.
    var isPattern: Bool {
        guard case .person(let mask) = self else { return false }
        return mask.subject == nil || mask.subject == .realname || mask.pattern.literal == nil
    }

    /// Whether it catches `subject`. A domain catches the handles below it too. Nobody on this machine is caught by address.
    func catches(_ subject: BanSubject) -> Bool {
        switch self {
        case .address(let range): subject.addresses.contains { range.contains($0) && !AddressGroup($0).isLoopback }
        case .person(let mask) where mask.subject == .handle:
            subject.handle.map { Self.domains(above: $0).contains(where: mask.pattern.matches) } ?? false
        case .person(let mask): subject.texts(mask.subject).contains(where: mask.pattern.matches)
        }
    }

    /// `a.example.com`, `example.com` and `com`.
    static func domains(above handle: String) -> [Substring] {
        handle.indices.filter { $0 == handle.startIndex || handle[handle.index(before: $0)] == "." }.map { handle[$0...] }
    }
}
