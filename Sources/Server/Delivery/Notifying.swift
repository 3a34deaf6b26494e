import Accounts
import Foundation
import IRCProtocol
import MainLoop
import NIOCore
import Push
import Store

/// Who is told of a message on a device that is not connected (draft/webpush).
extension World {
    /// Notifications of one account within an hour.
    private static let notificationsPerHour = 300
    /// Whoever did nothing for so long is not looking.
    private static let attention: Duration = .seconds(300)

    /// What sends notifications; nil: there is nothing, or it is switched off.
    var pushSender: PushSender? { configuration.webPush ? services.push : nil }

    /// Tells the devices of `client` what was said to it, unless it is looking.
    func notify(_ client: Client, of speech: Speech, _ utterance: Utterance) {
        guard let sender = pushSender, utterance.kind.isSpoken, let account = client.identity?.account, sender.reaches(account) else {
            return
        }
        // Under whichever of its nicknames.
        let isLooking = accounts[account].contains { person in
            !person.sessions.isEmpty && person.away == nil && clock.uptime - person.activeAt < Self.attention
        }
        if !isLooking { notify(account, of: speech, sender) }
    }

    /// As above, for an account of which nobody is here.
    func notify(absent account: String, of speech: Speech, _ utterance: Utterance) {
        guard let sender = pushSender, utterance.kind.isSpoken, sender.reaches(account) else { return }
        notify(account, of: speech, sender)
    }

    /// Tells those in `channel` whose nickname is in the text.
    func notifyMentioned(in channel: Channel, of speech: Speech, _ utterance: Utterance, by speaker: Client) {
        // Mostly nobody has a device: then a message must cost nothing.
        guard let sender = pushSender, !sender.isEmpty, utterance.kind.isSpoken else { return }
        let text = Array(CaseMapping.fold(String(buffer: utterance.text)).utf8)
        for member in channel.members where member.client !== speaker && !member.client.modes.contains(.deaf) {
            guard let account = member.client.identity?.account, sender.reaches(account), let nick = member.client.nick else { continue }
            if text.hasWord(nick.folded) { notify(member.client, of: speech, utterance) }
        }
    }

    private func notify(_ account: String, of speech: Speech, _ sender: PushSender) {
        guard allowances.spend("notification \(account)", limit: Self.notificationsPerHour, at: clock.uptime) else { return }
        var line = speech.lines(.lines).first ?? speech.head
        line.tags.clientOnly = ""
        var capabilities = CapabilitySet()
        for capability in [Capability.serverTime, .messageTags, .accountTag] { capabilities.insert(capability) }
        sender.push(Data(LineRenderer.render(line, for: capabilities).readableBytesView.dropLast(2)), to: account)
    }
}

extension [UInt8] {
    /// Whether `word` stands in this text with nothing on either side that could be a part of a nickname.
    func hasWord(_ word: String) -> Bool {
        let word = Array(word.utf8)
        guard !word.isEmpty, count >= word.count else { return false }
        func isPart(_ byte: UInt8) -> Bool {
            byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x7D).contains(byte) || byte == UInt8(ascii: "-")
        }
        return (0...(count - word.count)).contains { start in
            let end = start + word.count
            return self[start..<end].elementsEqual(word) && (start == 0 || !isPart(self[start - 1])) && (end == count || !isPart(self[end]))
        }
    }
}
