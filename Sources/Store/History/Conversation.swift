/// The keys under which history keeps conversations.
package enum Conversation {
    /// A channel, by its folded name.
    package static func channel(_ folded: String) -> String { folded }

    /// What two correspondents say to each other: the same key from both sides, and no other pair has it.
    ///
    /// A correspondent is an account name or `guest:` with a number; neither has a space.
    package static func direct(_ one: String, _ other: String) -> String {
        let (one, other) = (one.lowercasedASCII, other.lowercasedASCII)
        return one <= other ? "\(one) \(other)" : "\(other) \(one)"
    }

    /// The correspondent on the other side of a direct conversation; nil when `me` is not in it.
    package static func other(than me: String, in conversation: String) -> String? {
        let sides = conversation.split(separator: " ").map(String.init)
        let me = me.lowercasedASCII
        guard sides.count == 2, let position = sides.firstIndex(of: me) else { return nil }
        return sides[1 - position]
    }
}
