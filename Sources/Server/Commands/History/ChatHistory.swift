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
        case .targets(let range, let limit): context.sendTargets(range, limit)
        }
    } catch {
        context.fail(error.code, [context.message[0] ?? "*"] + error.context, text: error.text)
    }
}

extension CommandContext {
    fileprivate func sendPage(of target: String, _ selector: HistorySelector, _ limit: Int) {
        guard let place = historyPlace(target) else {
            return fail(.invalidTarget, [message[0] ?? "*", target], text: "Messages could not be retrieved")
        }
        let (store, writer, reader) = (world.services.history, world.services.historyWriter, session.historyReader)
        let budget = session.historyBudget
        wait {
            await writer.flush()
            return await Result {
                let conversation = try await place.conversation(in: store)
                let (page, subjects) = try await store.pageWithSubjects(
                    conversation: conversation, selector, view: reader.view, limit: limit)
                return HistoryAnswer(
                    page, subjects: subjects, reader: reader, limit: limit, budget: budget, newest: selector.countsFromTheNewest)
            }
        } then: { (result: Result<HistoryAnswer, any Error>) in
            switch result {
            case .success(let answer):
                reply.batch("chathistory", [target], tags: answer.isAll ? [.chathistoryEnd] : []) {
                    for message in answer.messages {
                        session.replay(message, channel: place.channel)
                        for row in answer.context[message.id] ?? [] { session.replay(row, channel: place.channel, isContext: true) }
                    }
                }
            case .failure(let error):
                refuse(error, target)
            }
        }
    }

    fileprivate func sendTargets(_ range: ChatHistoryRequest.Range, _ limit: Int) {
        let me = client.correspondent
        let channels = range.withChannels ? client.channels.values.map { ($0.name.folded, $0.name.text) } : []
        let names = Dictionary(channels.map { (Conversation.channel($0), $1) }, uniquingKeysWith: { first, _ in first })
        let (store, writer) = (world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            return await Result {
                try await store.targets(
                    of: me, channels: Array(names.keys), from: range.from, to: range.to, newestFirst: range.newestFirst, limit: limit)
            }
        } then: { result in
            switch result {
            case .success(let targets):
                reply.batch("draft/chathistory-targets") {
                    let present = world.nicknamesOfCorrespondents
                    for target in targets {
                        let name = names[target.conversation] ?? target.correspondent.flatMap { present[$0] } ?? target.name
                        var line = Line(world.configuration.name, "CHATHISTORY", ["TARGETS", name, ServerTime.format(target.latest)])
                        line.tags.correspondent = target.correspondent.flatMap { $0.hasPrefix("did:") ? $0 : nil }
                        session.send(line)
                    }
                }
            case .failure(let error):
                refuse(error, "*")
            }
        }
    }

    private func refuse(_ error: any Error, _ target: String) {
        let subcommand = message[0] ?? "*"
        if case HistoryError.unknownMessage = error {
            return fail(.messageError, [subcommand, target], text: "Messages could not be retrieved: there is no message of this id")
        }
        world.logger.error("history.read.failed", metadata: ["error": "\(error)"])
        fail(.messageError, [subcommand, target], text: "Messages could not be retrieved, try again in a moment")
    }
}

extension World {
    /// The nicknames of those who are here, by the key under which history knows them.
    fileprivate var nicknamesOfCorrespondents: [String: String] {
        Dictionary(
            clients.values.lazy.map { (CaseMapping.fold($0.correspondent), $0.target) },
            uniquingKeysWith: { first, _ in first })
    }
}
