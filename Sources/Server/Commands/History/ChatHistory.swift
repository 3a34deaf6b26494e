import Foundation
import IRCProtocol
import Logging
import MainLoop
import NIOCore
import Store

/// `CHATHISTORY` (IRCv3 draft/chathistory).
@LoopActor
func chatHistory(_ context: CommandContext) {
    do throws(ChatHistoryRequest.Refusal) {
        let request = try ChatHistoryRequest(context.message.parameters, maximum: context.world.configuration.limits.historyPage)
        switch request {
        case .page(let target, let selector, let limit): context.sendPage(of: target, selector, limit)
        case .targets(let from, let to, let limit): context.sendTargets(from, to, limit)
        }
    } catch {
        context.fail(error.code, (context.message[0] ?? "*").asParameter, text: error.text)
    }
}

extension CommandContext {
    fileprivate func sendPage(of target: String, _ selector: HistorySelector, _ limit: Int) {
        guard let (conversation, name) = readableConversation(target) else {
            return fail("INVALID_TARGET", (message[0] ?? "*").asParameter, target.asParameter, text: "Messages could not be retrieved")
        }
        let (store, writer) = (world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            return await Result { try await store.page(conversation: conversation, selector, limit: limit) }
        } then: { result in
            switch result {
            case .success(let messages):
                reply.batch("chathistory", [name]) {
                    for message in messages {
                        world.replay(message, channel: ChannelName.looksLikeChannel(name) ? name : nil, to: session)
                    }
                }
            case .failure(let error):
                refuse(error, target)
            }
        }
    }

    fileprivate func sendTargets(_ from: Int64, _ to: Int64, _ limit: Int) {
        let me = client.correspondent
        let channels = client.channels.values.map { (key: Conversation.channel($0.name.folded), name: $0.name.text) }
        let names = Dictionary(channels, uniquingKeysWith: { first, _ in first })
        let (store, writer) = (world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            return await Result {
                try await store.targets(of: me, channels: Array(names.keys), from: min(from, to), to: max(from, to), limit: limit)
            }
        } then: { result in
            switch result {
            case .success(let targets):
                reply.batch("draft/chathistory-targets") {
                    for target in targets {
                        let name =
                            names[target.conversation] ?? world.nickname(ofCorrespondent: target.correspondent, otherwise: target.name)
                        session.send(Line(world.configuration.name, "CHATHISTORY", ["TARGETS", name, ServerTime.format(target.latest)]))
                    }
                }
            case .failure(let error):
                refuse(error, "*")
            }
        }
    }

    /// The key and the shown name of a conversation that the client may read; nil for any other, and for one that does not exist.
    private func readableConversation(_ target: String) -> (key: String, name: String)? {
        if ChannelName.looksLikeChannel(target) {
            guard let channel = world.channels[CaseMapping.fold(target)], Permissions.readHistory(of: channel, by: client) else {
                return nil
            }
            return (Conversation.channel(channel.name.folded), channel.name.text)
        }
        guard target.isSafeParameter else { return nil }
        let other = world.nicknames[CaseMapping.fold(target)]
        return (Conversation.direct(client.correspondent, other?.correspondent ?? target), other?.target ?? target)
    }

    private func refuse(_ error: any Error, _ target: String) {
        world.logger.error("history.read.failed", metadata: ["error": "\(error)"])
        fail("MESSAGE_ERROR", (message[0] ?? "*").asParameter, target.asParameter, text: "Messages could not be retrieved")
    }

}

extension World {
    /// Shows a stored message as it was first sent; one of several lines as a batch or line by line, as the client takes it.
    fileprivate func replay(_ message: StoredMessage, channel: String?, to session: Session) {
        let tags = LineTags(time: message.time, id: message.id, account: message.account, clientOnly: message.tags)
        let target = channel ?? message.recipient ?? "*"
        session.send(
            speech(Utterance(stored: message, from: message.source, to: target), source: message.source, to: target, tags: tags))
    }

    /// The nickname that an account uses now, or the name by which it was last met.
    fileprivate func nickname(ofCorrespondent correspondent: String?, otherwise name: String) -> String {
        clients.values.first { CaseMapping.fold($0.correspondent) == correspondent }?.target ?? name
    }
}

extension Result where Failure == any Error {
    /// The outcome of `body`, thrown errors included.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
