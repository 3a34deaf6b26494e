import IRCProtocol
import MainLoop
import Store

/// What programs may say where.
extension Permissions {
    /// Nil when a program may say `utterance` in `channel`: as a member without a voice and an account, or, where its token runs the
    /// channel, as one who does.
    ///
    /// - Parameter source: what stands before what it says; bans may catch it.
    static func speak(_ utterance: Utterance, in channel: Channel, by token: APIToken, as source: String) -> SpeakRefusal? {
        let modes = channel.modes
        if modes.contains(.noCTCP), utterance.isCTCP { return .noCTCP }
        if TokenPermissions.use(token, for: .channelsAdmin, in: channel.name.folded) { return nil }
        if modes.contains(.noNotice), utterance.kind == .notice { return .noNotice }
        if modes.contains(.moderated) { return .moderated }
        if modes.contains(.registeredSpeak) { return .needsAccount }
        let catches = { (entry: ListEntry) in entry.mask.subject == nil && entry.mask.pattern.matches(source) }
        let isCaught = modes.entries(.ban).contains(where: catches) && !modes.entries(.banException).contains(where: catches)
        return isCaught ? .banned : nil
    }

    /// Whether all members hear what a program says: not where that is for those who run the channel (mode U).
    static func isHeardByAll(_ token: APIToken, in channel: Channel) -> Bool {
        !channel.modes.contains(.opModerated) || TokenPermissions.use(token, for: .channelsAdmin, in: channel.name.folded)
    }
}
