import Accounts
import IRCProtocol
import MainLoop

/// What one connection has open in SASL.
struct SASLState {
    /// Failures that count after which the connection is closed.
    static let failureLimit = 3

    var exchange: SASLExchange?
    var failures = 0
}

/// `AUTHENTICATE` (IRCv3 SASL 3.1 and 3.2), before and after registration; it may be repeated, the last login counts.
@LoopActor
func authenticate(_ context: CommandContext) {
    let (client, word) = (context.client, context.message[0] ?? "")
    // The name of a mechanism begins anew, also in the middle of an exchange.
    guard client.sasl.exchange != nil, SASLMechanism(name: word) == nil else { return begin(context, word) }
    let now = context.world.clock.wallMilliseconds
    switch client.sasl.exchange?.receive(word, now: now) {
    case .wait, nil: break
    case .verify(let credential): context.verify(credential)
    case .fail(let failure): context.failSASL(failure)
    }
}

@LoopActor
private func begin(_ context: CommandContext, _ word: String) {
    let (world, client) = (context.world, context.client)
    // What some clients still send after the last piece of an exchange that is over.
    if word == "+" { return }
    if word == "*" { return context.failSASL(.aborted) }
    guard let mechanism = SASLMechanism(name: word) else { return context.failSASL(.unknownMechanism) }
    let exchange = SASLExchange(
        mechanism, sessionID: String(client.guestID, radix: 36), now: world.clock.wallMilliseconds)
    client.sasl.exchange = exchange
    client.send(Line("", "AUTHENTICATE", [exchange.opening]))
}

extension CommandContext {
    fileprivate func verify(_ credential: Credential) {
        client.sasl.exchange = nil
        let authenticator = world.services.authenticator
        let address = AddressGroup(client.connection.peer.address).key
        wait {
            await authenticator.authenticate(credential, from: address)
        } then: { result in
            switch result {
            case .success(let identity):
                client.sasl.failures = 0
                let hostBefore = client.host
                world.logIn(client, as: identity)
                reply(.saslSuccess, text: "SASL authentication successful")
                if client.isRegistered, client.host != hostBefore {
                    reply(.hostHidden, client.host, text: "is now your displayed host")
                }
                world.completeRegistration(of: client)
            case .failure(let failure):
                failSASL(failure)
            }
        }
    }

    /// Ends an exchange, and tells why (902 to 908).
    func failSASL(_ failure: SASLFailure) {
        client.sasl.exchange = nil
        switch failure.kind {
        case .unknownMechanism:
            reply(.saslMechanisms, world.saslMechanisms.joined(separator: ","), text: "are available SASL mechanisms")
            reply(.saslFail, text: failure.text)
        case .failed: reply(.saslFail, text: failure.text)
        case .aborted: reply(.saslAborted, text: failure.text)
        }
        if failure.counts {
            client.sasl.failures += 1
            if client.sasl.failures >= SASLState.failureLimit { return world.doom(client, .killed("Too many SASL failures")) }
        }
        world.completeRegistration(of: client)
    }
}

extension World {
    var saslMechanisms: [String] { SASLMechanism.allCases.map(\.rawValue) }
}
