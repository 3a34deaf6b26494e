import IRCProtocol
import MainLoop

/// The channels that a person was asked into and has not entered yet.
///
/// An invitation is to one channel and ends with it: whoever makes a channel of the same name later has asked nobody.
@LoopActor
struct Invitations {
    private struct Entry {
        weak var channel: Channel?
    }

    private var entries: [Entry] = []

    nonisolated init() {}

    /// Those that still stand, oldest first.
    var channels: [Channel] {
        entries.compactMap(\.channel).filter { !$0.isGone }
    }

    func contains(_ channel: Channel) -> Bool {
        entries.contains { $0.channel === channel }
    }

    /// Adds `channel` as the newest; the oldest one gives way when there are more than `limit`.
    mutating func add(_ channel: Channel, limit: Int) {
        remove(channel)
        entries.append(Entry(channel: channel))
        if entries.count > limit { entries.removeFirst() }
    }

    /// Takes `channel` out, and those that are gone.
    mutating func remove(_ channel: Channel) {
        entries.removeAll { $0.channel.map { $0 === channel || $0.isGone } ?? true }
    }
}
