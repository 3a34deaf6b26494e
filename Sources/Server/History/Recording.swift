import Accounts
import Foundation
import IRCProtocol
import MainLoop
import NIOCore
import Store

extension World {
    /// Keeps what was said. Id, time and order are fixed here, on the loop; the writer commits in groups.
    ///
    /// - Parameter relayedFrom: the source of what a bridge passes on for somebody on another network.
    func record(
        _ utterance: Utterance, _ line: Line, by client: Client, in conversation: String, recipient: String?, relayedFrom: String? = nil
    ) {
        guard utterance.kind != .tagmsg || utterance.isLasting else { return }
        store(
            utterance.kind, line.tags, by: client, from: relayedFrom, in: conversation, text: Data(utterance.text.readableBytesView),
            recipient: recipient, subject: utterance.subject ?? utterance.reactedTo)
    }

    /// Keeps what `client` did in `channel`, and returns the tags of the line that tells it.
    ///
    /// - Parameters:
    ///   - subject: whom it is about, when that is somebody else.
    ///   - parameters: what stands between the channel and the text.
    func chronicle(
        _ kind: StoredMessage.Kind, in channel: Channel, by client: Client, about subject: Client? = nil, _ parameters: [String] = [],
        text: String? = nil
    ) -> LineTags {
        noteChange(kind, of: channel, by: subject ?? client)
        let time = nextMessageTime()
        var tags = tags(by: client, time: time)
        tags.id = MessageID.make(time: time, using: &randomness)
        if configuration.history.events, keepsHistory(of: channel), Permissions.keepEvent(about: subject ?? client, in: channel) {
            store(
                kind, tags, by: client, in: Conversation.channel(channel.name.folded), text: Data((text ?? "").utf8),
                parameters: parameters.joined(separator: " "))
        }
        return tags
    }

    /// What happens in a channel is what changes it: this is the one place that sees all of it.
    private func noteChange(_ kind: StoredMessage.Kind, of channel: Channel, by client: Client) {
        switch kind {
        case .mode:
            keep(channel)
            // Somebody's rank may be among what changed.
            for resident in residents.values where channel[resident] != nil { keep(resident) }
        case .topic: keep(channel)
        case .join, .part, .kick, .quit, .nick:
            guard client.staysOn else { return }
            keep(client)
            keep(channel)
        case .privmsg, .notice, .tagmsg: break
        }
    }

    /// Whether history keeps what happens in `channel`.
    func keepsHistory(of channel: Channel) -> Bool {
        configuration.history.enabled && channel.history.isOn != false
    }

    /// The line that tells what `client` did in `channel`; history keeps it.
    func event(
        _ kind: StoredMessage.Kind, in channel: Channel, by client: Client, about subject: Client? = nil, _ parameters: [String] = [],
        text: String? = nil
    ) -> Line {
        let tags = chronicle(kind, in: channel, by: client, about: subject, parameters, text: text)
        return Line(client.source, kind.verb, [channel.name.text] + parameters, text: text, tags: tags)
    }

    /// Keeps what `client` did everywhere at once, in each of its channels.
    func chronicleEverywhere(_ kind: StoredMessage.Kind, by client: Client, text: String) {
        for channel in client.channels.values { _ = chronicle(kind, in: channel, by: client, text: text) }
    }

    /// Keeps what a program did in `channel` under the name `source`.
    func keepAct(
        _ kind: StoredMessage.Kind, _ tags: LineTags, from source: String, in channel: Channel, text: String, parameters: String = ""
    ) {
        append(
            kind, tags, from: source, account: nil, connection: nil, in: Conversation.channel(channel.name.folded), text: Data(text.utf8),
            parameters: parameters)
    }

    private func store(
        _ kind: StoredMessage.Kind, _ tags: LineTags, by client: Client, from relayed: String? = nil, in conversation: String, text: Data,
        recipient: String? = nil, parameters: String = "", subject: String? = nil
    ) {
        append(
            kind, tags, from: relayed ?? client.source, account: relayed == nil ? client.identity?.account : nil,
            connection: client.connectionKey, in: conversation, text: text, recipient: recipient, parameters: parameters, subject: subject)
    }

    private func append(
        _ kind: StoredMessage.Kind, _ tags: LineTags, from source: String, account: String?, connection: Int64?, in conversation: String,
        text: Data, recipient: String? = nil, parameters: String = "", subject: String? = nil
    ) {
        guard configuration.history.enabled, let id = tags.id, let time = tags.time else { return }
        lastSequence += 1
        services.historyWriter.append(
            StoredMessage(
                sequence: lastSequence, id: id, conversation: conversation, time: time, kind: kind, source: source, account: account,
                tags: tags.clientOnly, text: text, recipient: recipient, parameters: parameters, connection: connection, subject: subject))
    }
}

extension Utterance {
    /// Whether a message without a text is kept: its sender asks for it, or it is a reaction.
    var isLasting: Bool {
        TagSection(raw: clientTags).value(of: ChangeTags.persisting) != nil || reactedTo != nil
    }

    /// The id of the message that it reacts to.
    var reactedTo: String? {
        guard kind == .tagmsg, clientTags.contains("react") else { return nil }
        return ChangeTags(clientTags).reactedTo
    }
}
