import IRCProtocol
import MainLoop
import Store

/// Carries out the changes of one MODE command, one by one, and announces what really changed.
@LoopActor
struct ChannelModeEditor {
    /// Changes of one command that are looked at.
    nonisolated static let changeLimit = 20
    /// The longest mask in bytes: a line of 367 holds it beside who set it.
    static let maskLimit = 200

    let context: CommandContext
    let channel: Channel
    /// Whether an operator of the server does it (`SAMODE`): then nobody's rank counts.
    let isOverriding: Bool
    private var done: [(text: ModeText, length: Int)] = []
    private var hasRefused = false
    private var shownLists: Set<ChannelMode> = []

    init(context: CommandContext, channel: Channel, overriding isOverriding: Bool) {
        (self.context, self.channel, self.isOverriding) = (context, channel, isOverriding)
    }

    mutating func apply(_ change: ModeChange<ChannelMode>) {
        if change.mode.kind == .list, change.parameter == nil { return show(change.mode) }
        guard isOverriding || mayChange(change) else { return }
        if let lock = channel.registration?.lock, lock.contains(change.mode), !isOverriding { return refuseLocked(change.mode, lock) }
        switch change.mode.kind {
        case .flag: setFlag(change)
        case .always: setKey(change)
        case .whenSet: setSetting(change)
        case .list: setEntry(change)
        case .member: setRank(change)
        }
    }

    private func refuseLocked(_ mode: ChannelMode, _ lock: ModeLock) {
        context.reply(
            .modeIsLocked, channel.name.text, String(mode.rawValue), lock.text, text: "MODE cannot be set: the mode is locked (MLOCK)")
    }

    /// Answers when not.
    private mutating func mayChange(_ change: ModeChange<ChannelMode>) -> Bool {
        guard let member = channel[context.client] else {
            refuse(CommandContext.notOnChannel)
            return false
        }
        guard Permissions.change(change.mode, by: member) || isStepDown(change) else {
            refuse(CommandContext.operatorNeeded)
            return false
        }
        guard Permissions.change(change.mode, by: context.client) else {
            refuse { context in { _ in context.privilegeNeeded(.chanreg) } }
            return false
        }
        return true
    }

    /// One line as long as they fit, then the next.
    func announce() {
        for (text, _) in done {
            let line = context.world.event(.mode, in: channel, by: context.client, [text.letters] + text.parameters)
            context.world.send(line, to: channel)
            if channel[context.client] == nil { context.client.send(line) }
        }
    }

    /// Giving up one's own rank is always allowed.
    private func isStepDown(_ change: ModeChange<ChannelMode>) -> Bool {
        change.mode.kind == .member && !change.adding && CaseMapping.fold(change.parameter ?? "") == context.client.nick?.folded
    }

    /// Once a command, however many of its changes are refused.
    private mutating func refuse(_ answer: (CommandContext) -> (Channel) -> Void) {
        if !hasRefused { answer(context)(channel) }
        hasRefused = true
    }

    private mutating func setKey(_ change: ModeChange<ChannelMode>) {
        guard change.adding else {
            guard channel.modes.key != nil else { return }
            channel.modes.key = nil
            return note(change, "*")
        }
        let key = change.parameter ?? ""
        guard ChannelModes.isKey(key, limit: context.world.configuration.limits.key) else {
            return context.reply(.invalidKey, channel.name.text, text: "Key is not well-formed")
        }
        guard channel.modes.key != key else { return }
        channel.modes.key = key
        note(change, key)
    }

    private mutating func setFlag(_ change: ModeChange<ChannelMode>) {
        guard channel.modes.set(change.mode, change.adding) else { return }
        note(change, nil)
        if change.mode == .delayedJoin, !change.adding {
            for member in channel.members where member.isUnseen { context.world.reveal(member.client, in: channel) }
        }
        context.world.closeIfUnused(channel)
    }

    private mutating func setSetting(_ change: ModeChange<ChannelMode>) {
        let mode = change.mode
        guard change.adding else {
            guard channel.modes.parameter(mode) != nil else { return }
            channel.modes.clear(mode)
            return note(change, nil)
        }
        let (before, world) = (channel.modes, context.world)
        guard channel.modes.set(mode, to: change.parameter ?? "", nameLimit: world.configuration.limits.channel) else {
            return context.invalid(mode, change.parameter, in: channel, Self.wanted(by: mode))
        }
        if mode == .forward, !mayForward() { return channel.modes = before }
        guard channel.modes.parameter(mode) != before.parameter(mode) else { return }
        note(change, channel.modes.parameter(mode))
    }

    /// Whether the channel of mode L exists and takes those who are sent there; answers otherwise.
    private func mayForward() -> Bool {
        guard let name = channel.modes.forward, let next = context.world.channels[name.folded], next !== channel else {
            context.invalid(.forward, channel.modes.forward?.text, in: channel, "There is no such channel to forward to")
            return false
        }
        guard Permissions.forward(to: next, by: context.client) else {
            context.operatorNeeded(next)
            return false
        }
        return true
    }

    /// What the parameter of a mode has to be, for 696.
    private static func wanted(by mode: ChannelMode) -> String {
        switch mode {
        case .forward: "A channel name is needed"
        case .slow: "The pause must be 1 to \(ChannelModes.slowLimit) seconds"
        case .flood: "Expected messages:seconds, such as 10:5"
        case .joinFlood: "Expected joins:seconds, such as 5:10"
        default: "The limit must be a number above zero"
        }
    }

    private mutating func setEntry(_ change: ModeChange<ChannelMode>) {
        let typed = change.parameter ?? ""
        guard typed.isSafeParameter, let mask = BanMask(typed), mask.text.utf8.count <= Self.maskLimit else {
            return context.invalid(change.mode, typed, in: channel, "A mask has no spaces and at most \(Self.maskLimit) bytes")
        }
        guard change.adding else {
            if let entry = channel.modes.remove(mask, from: change.mode) { note(change, entry.mask.text) }
            return
        }
        guard !channel.modes.entries(change.mode).contains(where: { $0.mask == mask }) else { return }
        guard channel.modes.entryCount < context.world.configuration.limits.listEntries else {
            return context.reply(
                .banListFull, channel.name.text, String(change.mode.rawValue), text: "Channel list is full")
        }
        let entry = ListEntry(mask: mask, setBy: context.client.source, setAt: context.world.clock.wallMilliseconds / 1000)
        if channel.modes.add(entry, to: change.mode) { note(change, mask.text) }
    }

    private mutating func setRank(_ change: ModeChange<ChannelMode>) {
        guard let target = context.person(change.parameter ?? ""), let other = context.member(target, of: channel),
            let rank = MemberRank(mode: change.mode)
        else { return }
        let mayDemote =
            isOverriding || target === context.client || channel[context.client].map { Permissions.demote(other, by: $0) } == true
        guard change.adding || mayDemote else {
            return refuse(CommandContext.operatorNeeded)
        }
        guard other.ranks.contains(rank) != change.adding else { return }
        context.world.reveal(target, in: channel)
        context.world.changeVisibility(of: target, in: channel) { _ = channel.setRank(rank, change.adding, of: target) }
        note(change, target.target)
    }

    private mutating func note(_ change: ModeChange<ChannelMode>, _ parameter: String?) {
        // A sign, a letter, a space and the parameter.
        let length = (parameter?.utf8.count ?? 0) + 3
        // ":source MODE #channel " and CR LF.
        let room = Line.maximumLength - context.client.source.utf8.count - channel.name.text.utf8.count - 10
        if let last = done.last, last.length + length <= room {
            done[done.count - 1].length += length
        } else {
            done.append((ModeText(), length))
        }
        done[done.count - 1].text.append(adding: change.adding, letter: change.mode.rawValue, parameter: parameter)
    }

    /// The entries of a list, each with who set it and when. Bans are for all to see; exceptions are for those inside.
    private mutating func show(_ list: ChannelMode) {
        guard shownLists.insert(list).inserted else { return }
        let (entry, end, name): (Numeric, Numeric, String) =
            switch list {
            case .banException: (.exceptionList, .endOfExceptionList, "exception list")
            case .inviteException: (.inviteExceptionList, .endOfInviteExceptionList, "invite exception list")
            default: (.banList, .endOfBanList, "ban list")
            }
        if list == .ban || Permissions.seeInside(channel, by: context.client) {
            for item in channel.modes.entries(list) {
                context.reply(entry, channel.name.text, item.mask.text, item.setBy, String(item.setAt))
            }
        }
        context.reply(end, channel.name.text, text: "End of channel \(name)")
    }
}
