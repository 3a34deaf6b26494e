import IRCProtocol
import MainLoop

/// The masks of those whose private messages and invitations somebody does not want (`SILENCE`).
@LoopActor
struct SilenceList {
    private(set) var masks: [BanMask] = []

    nonisolated init(_ masks: [BanMask] = []) {
        self.masks = masks
    }

    func catches(_ client: Client) -> Bool {
        guard !masks.isEmpty else { return false }
        let check = BanCheck(client)
        return masks.contains(where: check.matches)
    }

    /// Returns false when it is there already.
    mutating func add(_ mask: BanMask) -> Bool {
        guard !masks.contains(mask) else { return false }
        masks.append(mask)
        return true
    }

    /// The mask that was taken out; nil when there was none.
    mutating func remove(_ mask: BanMask) -> BanMask? {
        masks.firstIndex(of: mask).map { masks.remove(at: $0) }
    }
}
