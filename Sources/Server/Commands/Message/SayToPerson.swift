import Accounts
import IRCProtocol
import MainLoop
import NIOCore
import Store

/// What is said to one person.
extension CommandContext {
    func sayToPerson(_ utterance: Utterance) {
        if utterance.kind == .privmsg, CaseMapping.fold(utterance.target) == playbackNick { return playBack(utterance) }
        if let service = Service.named(utterance.target) { return say(utterance, to: service) }
        if sayToAccount(utterance) { return }
        guard let other = world.person(named: utterance.target) else {
            return refuse(utterance, .noSuchNick, "No such nick/channel")
        }
        say(utterance, to: other)
    }

    /// Says something to somebody who is here.
    func say(_ utterance: Utterance, to other: Client) {
        let refusal = Permissions.contact(other, utterance, by: client)
        if let refusal, refusal != .silently { return refuse(utterance, refusal, by: other) }
        // Whoever writes first takes the answers.
        if other !== client, client.screensMessages, client.accepted.count < world.configuration.limits.accept {
            client.accepted.add(other)
            world.keep(client)
        }
        world.counts.said(utterance.kind, inChannel: false)
        let speech = speech(utterance, to: other.target)
        // What one tells oneself is delivered like any message; only the echo is a part of the answer.
        if refusal == nil { deliver(speech, utterance.kind, to: other) }
        if other === client {
            if session.capabilities.contains(.echoMessage) { session.send(speech) }
        } else {
            echo(speech)
        }
        if utterance.kind == .privmsg, let away = other.away {
            reply(.away, other.target, text: away)
        }
        guard refusal == nil else { return }
        let conversation = Conversation.direct(client.correspondent, other.correspondent)
        world.record(utterance, speech.head, by: client, in: conversation, recipient: other.target)
        if other !== client { world.notify(other, of: speech, utterance) }
    }

    /// Shows `speech` on all connections of `other` that can take it.
    func deliver(_ speech: Speech, _ kind: StoredMessage.Kind, to other: Client) {
        for session in other.sessions where kind != .tagmsg || session.capabilities.contains(.messageTags) { session.write(speech) }
    }

    /// What is said to a service stays between the two: it may be a password.
    private func say(_ utterance: Utterance, to service: Service) {
        guard utterance.kind == .privmsg else { return }
        if session.capabilities.contains(.echoMessage) { session.send(speech(utterance, to: service.nick)) }
        run(String(buffer: utterance.text), at: service)
    }

    /// Says why `other` did not take the message.
    private func refuse(_ utterance: Utterance, _ refusal: Permissions.ContactRefusal, by other: Client) {
        switch refusal {
        case .needsAccount:
            refuse(utterance, .needRegisteredNick, "takes private messages only from people with an account (+R)")
        case .needsSecurity:
            refuse(utterance, .cannotSendToUser, "takes private messages only over secure connections (+Z)")
        case .notAccepted:
            refuse(utterance, .callerIDBlocks, "is in +g mode and must accept you first (/ACCEPT \(client.target))")
            guard utterance.kind != .notice else { return }
            let now = world.clock.uptime
            guard other.requestToldAt.map({ now - $0 >= .seconds(60) }) ?? true else { return }
            other.requestToldAt = now
            reply(.callerIDNotified, other.target, text: "has been informed that you messaged them.")
            let request = [other.target, client.target, "\(client.user)@\(client.host)"]
            other.send(
                Line(
                    world.configuration.name, Numeric.callerIDRequest.digits, request,
                    text: "is messaging you, and you are in +g mode. /ACCEPT \(client.target) lets them."))
        case .silently: break
        }
    }
}

extension Client {
    /// Whether it does not take private messages from everybody.
    fileprivate var screensMessages: Bool {
        modes.contains(.callerID) || modes.contains(.registeredOnly) || modes.contains(.secureOnly)
    }
}
