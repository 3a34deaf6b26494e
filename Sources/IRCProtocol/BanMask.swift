/// A mask in a list of a channel: over `nick!user@host`, or an extended ban over something else of a person
/// (`EXTBAN=,acdhmrz`; IRCv3 account-extban). `name:pattern`, by letter or by name.
package struct BanMask: Hashable, Sendable, CustomStringConvertible {
    /// What of a person the pattern is held against.
    package enum Subject: Character, CaseIterable, Sendable {
        case account = "a"
        case channel = "c"
        case did = "d"
        case handle = "h"
        case realname = "r"
        case certificate = "z"

        /// The long form.
        package var name: String {
            switch self {
            case .account: "account"
            case .channel: "channel"
            case .did: "did"
            case .handle: "handle"
            case .realname: "realname"
            case .certificate: "certificate"
            }
        }
    }

    /// The letter of a ban that takes the voice and lets in; it stands before any other form.
    package static let muteLetter: Character = "m"
    /// All letters, for `EXTBAN`.
    package static let letters = String((Subject.allCases.map(\.rawValue) + [muteLetter]).sorted())

    /// As it is shown: as it was typed, a user mask completed.
    package let text: String
    /// Whether it only keeps from speaking.
    package let isMute: Bool
    /// Nil: `nick!user@host`.
    package let subject: Subject?
    /// What the subject has to fit.
    package let pattern: Mask

    /// Nil when nothing stands behind the name of an extended ban.
    package init?(_ typed: String) {
        let (isMute, inner) = Self.split(typed[...]) { $0 == "m" || $0 == "mute" }.map { (true, $0) } ?? (false, typed[...])
        var subject: Subject?
        let rest = Self.split(inner) { name in
            subject = Subject.allCases.first { String($0.rawValue) == name || $0.name == name }
            return subject != nil
        }
        let value = rest ?? inner
        guard !value.isEmpty else { return nil }
        self.isMute = isMute
        self.subject = subject
        pattern = subject == nil ? Mask(user: value) : Mask(glob: value)
        text = typed[..<value.startIndex] + pattern.text
    }

    /// What stands behind `name:` when `isName` holds for the name.
    private static func split(_ text: Substring, _ isName: (String) -> Bool) -> Substring? {
        guard let colon = text.firstIndex(of: ":"), isName(text[..<colon].lowercased()) else { return nil }
        return text[text.index(after: colon)...]
    }

    package static func == (left: BanMask, right: BanMask) -> Bool {
        left.isMute == right.isMute && left.subject == right.subject && left.pattern == right.pattern
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(isMute)
        hasher.combine(subject)
        hasher.combine(pattern)
    }

    package var description: String { text }
}
