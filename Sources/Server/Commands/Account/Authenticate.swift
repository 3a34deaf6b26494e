import Accounts
import IRCProtocol
import MainLoop
import Store

/// What one connection has open in SASL.
struct SASLState {
    /// Failures that count after which the connection is closed.
    static let failureLimit = 3

    var exchange: SASLExchange?
    /// The one that was begun last.
    var mechanism: SASLMechanism?
    var failures = 0
}

/// `AUTHENTICATE` (IRCv3 SASL 3.1 and 3.2), before and after registration; it may be repeated, the last login counts.
@LoopActor
func authenticate(_ context: CommandContext) {
    let (session, word) = (context.session, context.message[0] ?? "")
    if let refusal = session.sasl.exchange?.refusal {
        context.failSASL(refusal)
        // Whoever begins anew instead of acknowledging the refusal is told of it first, so that it counts.
        if SASLMechanism(name: word) != nil, session.doom == nil { begin(context, word) }
        return
    }
    // The name of a mechanism begins anew, also in the middle of an exchange.
    guard session.sasl.exchange != nil, SASLMechanism(name: word) == nil else { return begin(context, word) }
    let now = context.world.clock.wallMilliseconds
    switch session.sasl.exchange?.receive(word, now: now) {
    case .wait, nil: break
    case .lookUp(let login): context.lookUp(login)
    case .prove(let proof): context.prove(proof)
    case .verify(let credential): context.verify(credential)
    case .fail(let failure): context.failSASL(failure)
    }
}

@LoopActor
private func begin(_ context: CommandContext, _ word: String) {
    let (world, session) = (context.world, context.session)
    // What some clients still send after the last piece of an exchange that is over.
    if word == "+" { return }
    if word == "*" { return context.failSASL(.aborted) }
    guard let mechanism = SASLMechanism(name: word), mechanism != .scram || world.configuration.accounts.scram else {
        return context.failSASL(.unknownMechanism)
    }
    let exchange = SASLExchange(
        mechanism, sessionID: String(session.id, radix: 36), certificate: session.peer.certificateFingerprint,
        now: world.clock.wallMilliseconds)
    (session.sasl.exchange, session.sasl.mechanism) = (exchange, mechanism)
    session.send(Line("", "AUTHENTICATE", [exchange.opening]))
}

extension CommandContext {
    /// Goes on with SCRAM once it is known what the account has.
    fileprivate func lookUp(_ login: String) {
        let (authenticator, address) = (world.services.authenticator, AddressGroup(session.peer.address).key)
        wait {
            await authenticator.offer(for: login, from: address)
        } then: { result in
            switch result {
            case .success(let offer): challenge(session.sasl.exchange?.challenge(with: offer))
            case .failure(let failure): failSASL(failure)
            }
        }
    }

    /// Shows the client that this is the server that knows its account, once the client has shown that it knows the password.
    fileprivate func prove(_ proof: ScramProof) {
        let (authenticator, address) = (world.services.authenticator, AddressGroup(session.peer.address).key)
        wait {
            await authenticator.refusal(of: proof, from: address)
        } then: { failure in
            if let failure { return failSASL(failure) }
            challenge(session.sasl.exchange?.acknowledgement)
        }
    }

    private func challenge(_ text: String?) {
        guard let text else { return failSASL(.noChallenge) }
        session.send(Line("", "AUTHENTICATE", [text]))
    }

    fileprivate func verify(_ credential: Credential) {
        var exchange = session.sasl.exchange
        session.sasl.exchange = nil
        logIn(with: credential) { failure in
            if let failure {
                switch exchange?.refuse(failure, now: world.clock.wallMilliseconds) {
                case .tell(let failure): return failSASL(failure)
                case nil: return failSASL(failure)
                case .acknowledge(let text): session.send(Line("", "AUTHENTICATE", [text]))
                case .again(let nonce, let challenge):
                    notice("DPOP_NONCE \(nonce)")
                    session.send(Line("", "AUTHENTICATE", [challenge]))
                }
                session.sasl.exchange = exchange
                return
            }
            session.sasl.failures = 0
            reply(.saslSuccess, text: "SASL authentication successful")
            world.completeRegistration(of: session)
        }
    }

    /// Ends an exchange, and tells why (902 to 908).
    func failSASL(_ failure: SASLFailure) {
        session.sasl.exchange = nil
        switch failure.kind {
        case .unknownMechanism:
            reply(
                .saslMechanisms, ConnectionKind(session).saslMechanisms(world.configuration).joined(separator: ","),
                text: "are available SASL mechanisms")
            reply(.saslFail, text: failure.text)
        case .failed, .nonceNeeded: reply(.saslFail, text: failure.text)
        case .locked:
            reply(.nickLocked, text: failure.text)
            reply(.saslFail, text: failure.text)
        case .tooLong: reply(.saslTooLong, text: failure.text)
        case .already: reply(.saslAlready, text: failure.text)
        case .aborted: reply(.saslAborted, text: failure.text)
        }
        if failure.counts {
            session.sasl.failures += 1
            if session.sasl.failures >= SASLState.failureLimit { return world.doom(session, .killed("Too many SASL failures")) }
        }
        world.completeRegistration(of: session)
    }
}

extension ConnectionKind {
    /// The mechanisms that make sense for it: EXTERNAL where it showed a certificate, SCRAM where it is on.
    func saslMechanisms(_ configuration: ServerConfiguration) -> [String] {
        SASLMechanism.allCases.filter { mechanism in
            switch mechanism {
            case .external: hasCertificate
            case .scram: configuration.accounts.scram
            default: true
            }
        }.map(\.rawValue)
    }
}
