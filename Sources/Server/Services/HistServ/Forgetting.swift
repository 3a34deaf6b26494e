import IRCProtocol
import Logging
import MainLoop
import Store

/// `DELETE <msgid>`.
@LoopActor
func deleteOne(_ request: ServiceRequest) {
    let (store, writer, id) = (request.world.services.history, request.world.services.historyWriter, request[0] ?? "")
    request.audit("history.delete", ["msgid": "\(id)"])
    request.wait {
        await writer.flush()
        return await Result {
            guard let message = try await store.find(id: id) else { return nil }
            return (message.conversation, try await store.delete(root: message.root))
        }
    } effect: { (result: Result<(conversation: String, ids: [String])?, any Error>) in
        guard case .success(let deleted?) = result, let channel = request.world.channels[deleted.conversation] else { return }
        request.world.unpin(deleted.ids, in: channel)
    } then: { result in
        switch result {
        case .success(_?): request.say("Deleted")
        case .success(nil): request.say("There is no such message")
        case .failure: request.say("This could not be done, try again in a moment")
        }
    }
}

/// `FORGET [<code>]`.
@LoopActor
func forgetOwn(_ request: ServiceRequest) {
    guard let account = request.account else { return request.sayUsage() }
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
        request.audit("history.forget", ["account": "\(account)"])
        let pinned = Set(world.channels.values.flatMap { $0.pins.map(\.id) })
        request.wait {
            await writer.flush()
            return await Result {
                var total = 0
                var gone: Set<String> = []
                while true {
                    let ids = try await store.forget(account: account)
                    guard !ids.isEmpty else { return (total, gone) }
                    total += ids.count
                    gone.formUnion(pinned.intersection(ids))
                }
            }
        } effect: { (result: Result<(count: Int, pinned: Set<String>), any Error>) in
            guard case .success(let (_, gone)) = result, !gone.isEmpty else { return }
            for channel in world.channels.values { world.unpin(Array(gone), in: channel) }
        } then: { result in
            switch result {
            case .success(let (count, _)): request.say("\(count) messages and events are deleted")
            case .failure: request.say("Not all could be deleted, try again in a moment")
            }
        }
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
