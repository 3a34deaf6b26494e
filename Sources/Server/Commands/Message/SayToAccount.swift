import ATProto
import IRCProtocol
import MainLoop
import Store

/// What is said to an identity instead of a nickname (`PRIVMSG did:plc:… :text`): it reaches every connection that is logged in
/// with it, whatever they are called, and is kept once, also while nobody is there.
extension CommandContext {
    /// Whether `utterance` goes to an identity; then it is on its way.
    func sayToAccount(_ utterance: Utterance) -> Bool {
        guard utterance.target.hasPrefix("did:"), let did = DID(utterance.target) else { return false }
        let people = world.accounts[did.description]
        switch people.count {
        case 0: sayToAbsent(did, utterance)
        case 1: say(utterance, to: people[0])
        default: say(utterance, toEach: people)
        }
        return true
    }

    /// Several nicknames of one account: what one of them takes, all get that do not refuse it.
    private func say(_ utterance: Utterance, toEach people: [Client]) {
        let willing = people.filter { Permissions.contact($0, utterance, by: client) == nil }
        guard let first = willing.first else { return say(utterance, to: people[0]) }
        world.counts.said(utterance.kind, inChannel: false)
        let speech = speech(utterance, to: first.target)
        for other in willing where other !== client { deliver(speech, utterance.kind, to: other) }
        echo(speech)
        let conversation = Conversation.direct(client.correspondent, first.correspondent)
        world.record(utterance, speech.head, by: client, in: conversation, recipient: first.target)
        if first !== client { world.notify(first, of: speech, utterance) }
    }

    /// Nobody is here with this identity. If it has an account, the message waits in its history.
    private func sayToAbsent(_ did: DID, _ utterance: Utterance) {
        guard Permissions.leaveMessages(by: client) else {
            return refuse(utterance, .needRegisteredNick, "is not here, and only people with an account may leave a message")
        }
        guard world.configuration.history.enabled, utterance.kind != .tagmsg || utterance.isLasting else {
            return refuse(utterance, .noSuchNick, "No such nick/channel")
        }
        let accounts = world.services.accounts
        wait {
            (try? await accounts.find(did: did.description)) ?? nil
        } then: { record in
            guard let record, Permissions.leaveMessages(for: record) else { return refuse(utterance, .noSuchNick, "No such nick/channel") }
            // Somebody may have come meanwhile.
            let people = world.accounts[record.name]
            guard people.isEmpty else { return people.count == 1 ? say(utterance, to: people[0]) : say(utterance, toEach: people) }
            world.counts.said(utterance.kind, inChannel: false)
            let speech = speech(utterance, to: did.description)
            echo(speech)
            let conversation = Conversation.direct(client.correspondent, record.name)
            world.record(utterance, speech.head, by: client, in: conversation, recipient: did.description)
            world.notify(absent: record.name, of: speech, utterance)
        }
    }
}
