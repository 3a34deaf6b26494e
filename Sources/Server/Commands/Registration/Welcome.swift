import Accounts
import IRCProtocol
import MainLoop

extension World {
    /// Makes the client of `session` one of us when nothing is missing any more, and greets it.
    func completeRegistration(of session: Session) {
        guard session.phase == .registering, !session.isWaiting, session.client.nick != nil, session.hasUser, !session.isNegotiating else {
            return
        }
        session.phase = .registered
        let client = session.client
        client.isRegistered = true
        clients[ObjectIdentifier(client)] = client
        peakClients = max(peakClients, clients.count)
        if client.identity?.isOperator == true { client.modes.set(.oper, true) }
        client.modes.set(.registered, client.identity != nil)
        welcome(session)
    }

    private func welcome(_ session: Session) {
        let client = session.client
        func send(_ numeric: Numeric, _ parameters: [String] = [], text: String? = nil) {
            session.send(Line(configuration.name, numeric.digits, [client.target] + parameters, text: text))
        }
        send(.welcome, text: "Welcome to the \(configuration.network) IRC Network \(client.source)")
        send(.yourHost, text: "Your host is \(configuration.name), running version \(Version.text)")
        send(.created, text: "This server was created \(ServerTime.format(startedAt))")
        let letters = [
            String(UserMode.allCases.map(\.rawValue)), String(ChannelMode.allCases.map(\.rawValue).sorted()),
            String(ChannelMode.allCases.filter { $0.kind != .flag }.map(\.rawValue).sorted()),
        ]
        send(.myInfo, [configuration.name, Version.text] + letters)
        for line in ISupport(configuration).lines { send(.iSupport, line, text: "are supported by this server") }
        for line in lusers { send(line.numeric, line.parameters, text: line.text) }
        for line in motd { send(line.numeric, text: line.text) }
        send(.userModeIs, [client.modes.text])
    }
}

/// The version that the server tells of itself.
package enum Version {
    /// `roost-0.1.0`.
    package static let text = "roost-\(number)"
    /// As in CHANGELOG.md.
    package static let number = "0.1.0"
}
