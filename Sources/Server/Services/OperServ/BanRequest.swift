import IRCProtocol

/// What stands behind `BAN ADD`, `BAN TEST` and `BAN EXEMPT`, and behind KLINE and DLINE.
struct BanRequest: Equatable {
    /// Why something is no ban.
    enum Refusal: Error, Equatable {
        case nothing
        case noMask(String)
        case noTime(String)

        /// For the operator.
        var text: String {
            switch self {
            case .nothing: "There is no mask"
            case .noMask(let word):
                "\(word.asParameter) is no mask: write an address, a network (192.0.2.0/24), nick!user@host, "
                    + "account:, did:, handle:, realname: or certificate: with a pattern, or the nickname of somebody who is here. "
                    + "A network stands alone or behind *@"
            case .noTime(let word): "\(word.asParameter) is no time: write minutes, or 1d12h with y, mo, w, d, h, m, s; ten years at most"
            }
        }
    }

    /// For HELP.
    static let help = [
        "A mask is an address, a network (192.0.2.0/24, 2001:db8::/32), nick!user@host with * and ?, account:, did:, handle:, realname: or "
            + "certificate: with a pattern, or the nickname of somebody who is here: then it is the address of that person.",
        "handle:example.com catches the handles below it too. In realname: write ? for a space.",
        "A time is minutes, or 1d12h with y, mo, w, d, h, m, s. Without one, or with 0, it is for ever.",
        "REQUIRE-SASL lets in those who log in. EXEMPT is for those whom no ban is to catch. TEST tells who would be disconnected.",
        "FORCE does what looks like a slip: a ban that catches you, a large part of all people, or almost any name.",
        "Nobody who operates the server is disconnected, nor who connects from this machine or is exempt.",
    ]

    /// Bytes of a reason.
    static let reasonLimit = 200

    var target: ServerBan.Target
    var action = ServerBan.Action.reject
    var lasts = LastingTime(seconds: nil)
    var reason = "No reason given"
    var operatorReason = ""
    /// Whether it is meant although it looks like a slip.
    var isForced = false

    /// - Parameters:
    ///   - words: what was typed.
    ///   - address: gives the address of the person with a nickname.
    init(_ words: [String], address: (String) -> String?) throws(Refusal) {
        var rest = words[...]
        var isAboutLogin = false
        while let flag = rest.first?.uppercased(), ["REQUIRE-SASL", "FORCE"].contains(flag) {
            if flag == "FORCE" { isForced = true } else { isAboutLogin = true }
            rest.removeFirst()
        }
        // An address begins with a digit too, and a number alone is no mask.
        if let word = rest.first, word.first?.isNumber == true, AddressRange(word) == nil, !word.contains(where: { "!@:".contains($0) }) {
            guard let time = LastingTime(word) else { throw .noTime(word) }
            lasts = time
            rest.removeFirst()
        }
        guard let word = rest.first else { throw .nothing }
        guard let target = ServerBan.Target(word) ?? address(word).flatMap({ ServerBan.Target($0) }) else { throw .noMask(word) }
        self.target = target
        if isAboutLogin { action = .requireLogin }
        let texts = rest.dropFirst().joined(separator: " ").split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " }.trimmingSuffix { $0 == " " }.truncated(toBytes: Self.reasonLimit) }
        if let text = texts.first, !text.isEmpty { reason = text }
        if texts.count > 1 { operatorReason = texts[1] }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
        var text = String(self)
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
