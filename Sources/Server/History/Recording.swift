import Accounts
import Foundation
import IRCProtocol
import MainLoop
import NIOCore
import Store

extension World {
    /// Keeps what was said. Id, time and order are fixed here, on the loop; the writer commits in groups.
    func record(_ utterance: Utterance, _ line: Line, by client: Client, in conversation: String, recipient: String?) {
        guard configuration.history.enabled, utterance.kind != .tagmsg, let id = line.tags.id, let time = line.tags.time else { return }
        lastSequence += 1
        services.historyWriter.append(
            StoredMessage(
                sequence: lastSequence, id: id, conversation: conversation, time: time, kind: utterance.kind, source: client.source,
                account: client.identity?.account, tags: utterance.clientTags, text: Data(utterance.text.readableBytesView),
                recipient: recipient))
    }
}
