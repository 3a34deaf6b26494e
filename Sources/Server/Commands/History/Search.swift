import IRCProtocol
import MainLoop
import Store

/// The most messages that one search finds.
private let foundMessages = 100

/// `SEARCH <attributes>` (soju.im/search) with `text`, `in`, `from`, `after`, `before` and `limit`; and `SEARCH <target> :<words>`,
/// as freeq clients write it. What may be found is what CHATHISTORY would show.
@LoopActor
func search(_ context: CommandContext) {
    var wanted = HistorySearch()
    wanted.limit = foundMessages
    var place: String?
    let type: String
    if let words = context.message[1] {
        (place, wanted.text, type) = (context.message[0], words, "freeq.at/search")
    } else {
        let attributes = TagSection(raw: context.message[0] ?? "")
        func refuse(_ name: String) { context.fail(.invalidParams, name, text: "The value of \(name) makes no sense") }
        for (name, path) in [("after", \HistorySearch.after), ("before", \HistorySearch.before)] {
            guard let text = attributes.value(of: name) else { continue }
            guard let time = ServerTime.parse(text[...]) else { return refuse(name) }
            wanted[keyPath: path] = time
        }
        if let text = attributes.value(of: "limit") {
            guard let limit = Int(text), limit > 0 else { return refuse("limit") }
            wanted.limit = min(limit, foundMessages)
        }
        (wanted.text, wanted.sender) = (attributes.value(of: "text") ?? "", attributes.value(of: "from"))
        (place, type) = (attributes.value(of: "in"), "soju.im/search")
    }
    let isNamed = wanted.text.isEmpty && (wanted.sender != nil || place != nil)
    guard HistoryStore.words(wanted.text) != nil || isNamed else {
        return context.fail(.invalidParams, "text", text: "There is no word to look for")
    }
    context.search(wanted, in: place, type)
}

extension CommandContext {
    fileprivate func search(_ wanted: HistorySearch, in target: String?, _ type: String) {
        let all = client.channels.values.filter { Permissions.readHistory(of: $0, by: client) }.map { HistoryPlace($0) }
        let places = target.map { [historyPlace($0)].compactMap(\.self) } ?? all
        guard target == nil || !places.isEmpty else {
            return fail(.invalidParams, "in", target ?? "*", text: "There is nothing there that you may read")
        }
        let names = Dictionary(places.map { ($0.key ?? "", $0.channel) }, uniquingKeysWith: { first, _ in first })
        let correspondent = target == nil ? client.correspondent : nil
        let (store, writer) = (world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            return await Result {
                var keys: [String] = []
                for place in places { keys.append(try await place.conversation(in: store)) }
                let (messages, subjects) = try await store.search(wanted, in: keys, directOf: correspondent)
                return messages.asTheyStand(subjects)
            }
        } then: { (result: Result<[StoredMessage], any Error>) in
            guard case .success(let messages) = result else {
                return fail(.internalError, text: "The search failed, try again in a moment")
            }
            reply.batch(type) {
                for message in messages.fitting(session.historyBudget, newest: true) {
                    session.replay(message, channel: names[message.conversation] ?? nil)
                }
            }
        }
    }
}
