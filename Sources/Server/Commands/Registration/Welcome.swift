import Accounts
import IRCProtocol
import MainLoop

extension World {
    /// Makes the client of `session` one of us when nothing is missing any more, and greets it.
    func completeRegistration(of session: Session) {
        guard session.phase == .registering, !session.isWaiting, !session.awaitsBlockLists, session.hasUser, !session.isNegotiating,
            session.client.nick != nil || session.wantedNick != nil
        else { return }
        guard !lacksPassword(session) else { return refusePassword(of: session) }
        guard isOpen(to: session), isWelcome(session), meetsClass(session), hasNickname(session) else { return }
        guard Permissions.enter(as: session.client.identity, configuration) else {
            let text = "This server is for the accounts on its list only: log in with SASL"
            session.send(Line(fail: .accountRequired, of: "*", [], text: text, from: configuration.name))
            return doom(session, .killed(text))
        }
        session.phase = .registered
        let client = session.client
        if !client.isRegistered { introduce(client) }
        welcome(session)
        for channel in client.channels.values.sorted(by: { $0.name.folded < $1.name.folded }) {
            session.send(joinLine(of: client, to: channel, extended: session.capabilities.contains(.extendedJoin)))
            describe(channel, to: session)
        }
        // What this device has not seen: nothing, where another connection of it is here.
        let isBack = !client.sessions.contains { $0 !== session && $0.device ?? "" == session.device ?? "" }
        if client.staysOn, isBack { catchUp(session, since: client.devices.times[session.device ?? ""]) }
    }

    /// Whether `session` has a nickname now: its own, or that of the same person's other connections, which it joins then.
    private func hasNickname(_ session: Session) -> Bool {
        guard let wanted = session.wantedNick else { return session.client.nick != nil }
        session.wantedNick = nil
        func refuse(_ text: String) -> Bool {
            session.send(Line(configuration.name, Numeric.nicknameInUse.digits, [session.target, wanted.text], text: text))
            return false
        }
        guard Permissions.use(wanted, by: session.client) else { return refuse(reservation(of: wanted, for: session.client)) }
        guard let owner = nicknames[wanted.folded], owner !== session.client else {
            rename(session.client, to: wanted)
            return true
        }
        guard Permissions.attach(session, to: owner) else { return refuse("Nickname is already in use") }
        attach(session, to: owner)
        return true
    }

    /// Makes `session` one more connection of `client`; the one that it would have become is forgotten.
    private func attach(_ session: Session, to client: Client) {
        let other = session.client
        if let nick = other.nick, nicknames[nick.folded] === other { nicknames[nick.folded] = nil }
        other.detach(session)
        session.client = client
        client.attach(session)
        if let identity = other.identity {
            client.identity = identity
            session.rest(on: identity)
        }
        welcomeBack(client, isHere: other.away != "*")
    }

    func introduce(_ client: Client) {
        client.isRegistered = true
        clients[ObjectIdentifier(client)] = client
        if let identity = client.identity { accounts.add(client, identity) }
        peakClients = max(peakClients, clients.count)
        for mode in configuration.defaultUserModes.compactMap({ UserMode(rawValue: $0) }) where Permissions.set(mode, true, by: client) {
            client.modes.set(mode, true)
        }
        if let identity = client.identity, Permissions.operate(as: identity, configuration) {
            client.modes.set(.oper, true)
            setNotices(defaultNotices(of: client), of: client)
        }
        client.modes.set(.registered, client.identity != nil)
        announce(
            .connected,
            "\(client.source) (\(client.address)) connects\(client.identity.map { ", logged in as \($0.account)" } ?? "")",
            [
                "nick": client.target, "user": client.user, "host": client.host, "address": client.address, "realname": client.realname,
                "account": client.identity?.account ?? "-",
            ])
        announceArrival(of: client)
        updateStay(of: client)
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
        sendISupport(to: session)
        // The client's own source, in a line that it reads anyhow (draft/whoami).
        if session.capabilities.contains(.whoAmI) { session.send(Line(client.source, "SETNAME", text: client.realname)) }
        if session.capabilities.contains(.authToken), session.capabilities.contains(.batch) { sendTokenServices(to: session) }
        for line in lusers { send(line.numeric, line.parameters, text: line.text) }
        sendOwnMetadata(to: session)
        session.tellPersistence()
        for line in motd { send(line.numeric, text: line.text) }
        send(.userModeIs, [client.modes.text])
    }
}
