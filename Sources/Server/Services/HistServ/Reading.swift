import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// `PLAY <target> [<number>]`.
@LoopActor
func play(_ request: ServiceRequest) {
    let number = min(request[1].flatMap { Int($0) } ?? 20, 100)
    guard number > 0 else { return request.sayUsage() }
    show(request, request[0] ?? "") { store, conversation in
        try await store.pageWithSubjects(conversation: conversation, .latest(after: nil), limit: number)
    }
}

/// `SEARCH <target> <words>`.
@LoopActor
func find(_ request: ServiceRequest) {
    var search = HistorySearch()
    (search.text, search.limit) = (request.text(from: 1), 20)
    guard HistoryStore.words(search.text) != nil else { return request.sayUsage() }
    show(request, request[0] ?? "") { [search] store, conversation in
        try await store.search(search, in: [conversation], directOf: nil)
    }
}

/// Shows what `read` finds in the conversation called `target`, as far as the asker may read it.
@LoopActor
private func show(
    _ request: ServiceRequest, _ target: String,
    _ read: @escaping @Sendable (HistoryStore, String) async throws -> (messages: [StoredMessage], subjects: [StoredMessage])
) {
    // Operators on IRC read as themselves, in the place of others too.
    let reader = request.asker.person
    guard let place = request.world.historyPlace(target, for: reader) else {
        if let reader, let channel = request.world.channels[CaseMapping.fold(target)], Permissions.see(channel, by: reader) {
            return request.refuse("You are not in \(channel.name.text): join it to read what was said there")
        }
        return request.refuse("There is nothing of \(target.asParameter) that you may read")
    }
    let (store, writer) = (request.world.services.history, request.world.services.historyWriter)
    request.wait {
        await writer.flush()
        return await Result {
            let (messages, subjects) = try await read(store, place.conversation(in: store))
            return messages.asTheyStand(subjects)
        }
    } then: { (result: Result<[StoredMessage], any Error>) in
        guard case .success(let messages) = result else { return request.refuse("History cannot be read now, try again in a moment") }
        if reader == nil { request.audit("history.read", ["channel": target]) }
        for message in messages {
            let text = String(decoding: message.text, as: UTF8.self).replacing("\n", with: " ").truncated(toBytes: 350)
            let reactions = message.reactions.map { " [\($0.truncated(toBytes: 60))]" } ?? ""
            request.say("[\(ServerTime.format(message.time))] <\(message.source.prefix { $0 != "!" })> \(text)\(reactions)")
        }
        request.say("\(messages.count) messages")
    }
}
