import IRCProtocol
import Logging
import MainLoop
import Store

/// `DELETE <msgid>`.
@LoopActor
func deleteOne(_ request: ServiceRequest) {
    let (store, writer, id) = (request.world.services.history, request.world.services.historyWriter, request[0] ?? "")
    request.wait {
        await writer.flush()
        return await Result {
            guard let message = try await store.find(id: id) else { return nil }
            return (message.conversation, try await store.delete(root: message.root))
        }
    } effect: { (result: Result<(conversation: String, ids: [String])?, any Error>) in
        if case .success(nil) = result { return }
        let isDone = if case .success = result { true } else { false }
        request.audit("history.delete", ["target": id], outcome: .init(isDone: isDone))
        guard case .success(let deleted?) = result, let channel = request.world.channels[deleted.conversation] else { return }
        request.world.unpin(deleted.ids, in: channel)
        request.world.announceDeletion(of: deleted.ids, in: channel, by: request.service)
    } then: { result in
        switch result {
        case .success(_?): request.say("Deleted")
        case .success(nil): request.refuse("There is no such message")
        case .failure: request.refuseForNow()
        }
    }
}

/// `FORGET [<code>]`.
@LoopActor
func forgetOwn(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    forget(account, request, codeAt: 0)
}

/// `SAFORGET <account> [<code>]`. The account may be gone already.
@LoopActor
func forgetOther(_ request: ServiceRequest) {
    request.withSpelling(of: request[0] ?? "") { forget($0, request, codeAt: 1) }
}

@LoopActor
private func forget(_ account: String, _ request: ServiceRequest, codeAt index: Int) {
    let (world, store, writer) = (request.world, request.world.services.history, request.world.services.historyWriter)
    request.confirm(account, at: index, warning: "This deletes all that \(account) has said, everywhere. Nobody can bring it back") {
        let (pinned, channels) = (Set(world.channels.values.flatMap { $0.pins.map(\.id) }), Set(world.channels.keys))
        request.wait {
            await writer.flush()
            var forgotten = Forgotten()
            do {
                while true {
                    let rows = try await store.forget(account: account)
                    guard !rows.isEmpty else { return forgotten }
                    forgotten.add(rows, pinned: pinned, channels: channels)
                }
            } catch {
                forgotten.isAll = false
                return forgotten
            }
        } effect: { (forgotten: Forgotten) in
            request.note("history.forget", ["account": account, "rows": "\(forgotten.count)"], outcome: .init(isDone: forgotten.isAll))
            for (id, name) in forgotten.newest {
                if let channel = world.channels[name] { world.announceDeletion(of: [id], in: channel, by: request.service) }
            }
            guard !forgotten.pinned.isEmpty else { return }
            for channel in world.channels.values { world.unpin(Array(forgotten.pinned), in: channel) }
        } then: { forgotten in
            guard forgotten.isAll else { return request.refuse("Not all could be deleted, try again in a moment") }
            request.say("\(forgotten.count) messages and events are deleted")
        }
    }
}

/// What became of the messages of somebody.
struct Forgotten: Sendable {
    /// Deleted messages that are announced, the newest ones: nobody's send queue has room for all that somebody ever said.
    static let announced = 100

    /// Rows that are deleted.
    private(set) var count = 0
    /// Those of them that were pinned.
    private(set) var pinned: Set<String> = []
    /// What was said in channels that are in use, oldest first.
    private(set) var newest: [(id: String, channel: String)] = []
    /// Whether nothing is left.
    var isAll = true

    init() {}

    mutating func add(_ rows: [HistoryStore.ForgottenRow], pinned: Set<String>, channels: Set<String>) {
        count += rows.count
        self.pinned.formUnion(rows.lazy.map(\.id).filter(pinned.contains))
        newest += rows.lazy.filter { $0.isSpoken && channels.contains($0.conversation) }.map { ($0.id, $0.conversation) }
        newest.removeFirst(max(0, newest.count - Self.announced))
    }
}

extension World {
    /// Tells those in `channel` that `service` deleted a message there.
    ///
    /// - Parameter ids: those of all revisions, the first one first.
    fileprivate func announceDeletion(of ids: [String], in channel: Channel, by service: Service) {
        let (source, tags) = (service.source(on: configuration.name), LineTags(time: clock.wallMilliseconds))
        DeletionNotice(of: ids, in: channel.name.text) { Line(source, $0, $1, text: $2, tags: tags) }?
            .send(to: channel.members.lazy.flatMap(\.client.sessions))
    }
}

extension ServiceRequest {
    /// Goes on with the name of an account as it is spelled, or as it was typed when there is no such account any more.
    func withSpelling(of name: String, _ body: @escaping @LoopActor (String) -> Void) {
        let accounts = world.services.accounts
        wait {
            (try? await accounts.find(name: name))?.name ?? name
        } then: {
            body($0)
        }
    }
}
