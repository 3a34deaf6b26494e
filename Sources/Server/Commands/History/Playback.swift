import IRCProtocol
import MainLoop
import NIOCore
import Store

/// What the module of ZNC is called that old clients ask for the past (znc.in/playback).
let playbackNick = "*playback"

extension CommandContext {
    /// `PRIVMSG *playback :play <target or *> [<from> [<to>]]`, times in seconds since 1970.
    func playBack(_ utterance: Utterance) {
        if session.capabilities.contains(.echoMessage) { session.send(speech(utterance, to: playbackNick)) }
        let words = String(buffer: utterance.text).split(separator: " ").map(String.init)
        guard words.first?.lowercased() == "play", words.count > 1 else { return }
        func time(_ index: Int) -> Int64? {
            guard index < words.count, let seconds = Double(words[index]), seconds.isFinite, abs(seconds) < 1e12 else { return nil }
            return Int64((seconds * 1000).rounded())
        }
        let target = words[1]
        let all = client.channels.values.filter { Permissions.readHistory(of: $0, by: client) }.map { HistoryPlace($0) }
        let places = target == "*" ? all : [historyPlace(target)].compactMap(\.self)
        let (most, budget) = (world.configuration.limits.historyPage, session.historyBudget)
        let correspondent = target == "*" ? client.correspondent : nil
        let (store, writer, from, to) = (world.services.history, world.services.historyWriter, time(2) ?? 0, time(3) ?? .max)
        wait {
            await writer.flush()
            return await Result {
                var keys: [(String, String?)] = []
                for place in places { keys.append((try await place.conversation(in: store), place.channel)) }
                return try await PastPages(
                    places: keys, correspondent: correspondent, from: from, to: to, limit: most, total: most, budget: budget
                ).read(store)
            }
        } then: { (result: Result<[(message: StoredMessage, channel: String?)], any Error>) in
            guard case .success(let found) = result else { return notice("The past cannot be read now, try again in a moment") }
            for (message, channel) in found { session.replay(message, channel: channel) }
        }
    }
}
