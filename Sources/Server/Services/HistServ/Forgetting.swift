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
    } then: { (result: Result<(conversation: String, ids: [String])?, any Error>) in
        switch result {
        case .success(let deleted?):
            if let channel = request.world.channels[deleted.conversation] { request.world.unpin(deleted.ids, in: channel) }
            request.say("Deleted")
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
    forget(request[0] ?? "", request, codeAt: 1)
}

@LoopActor
private func forget(_ account: String, _ request: ServiceRequest, codeAt index: Int) {
    let (store, writer) = (request.world.services.history, request.world.services.historyWriter)
    request.confirm(account, at: index, warning: "This deletes all that \(account) has said, everywhere. Nobody can bring it back") {
        request.audit("history.forget", ["account": "\(account)"])
        request.wait {
            await writer.flush()
            return await Result {
                var total = 0
                while true {
                    let count = try await store.forget(account: account)
                    guard count > 0 else { return total }
                    total += count
                }
            }
        } then: { (result: Result<Int, any Error>) in
            switch result {
            case .success(let count): request.say("\(count) messages and events are deleted")
            case .failure: request.say("Not all could be deleted, try again in a moment")
            }
        }
    }
}
