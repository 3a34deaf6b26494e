import ATProto
import Accounts
import IRCProtocol
import MainLoop
import Store

extension CommandContext {
    /// Checks a credential off the loop and logs the connection in. `body` gets nil, or why not.
    func logIn(with credential: Credential, then body: @escaping @LoopActor (SASLFailure?) -> Void) {
        if let failure = Permissions.refusal(of: credential, over: session.peer, world.configuration) { return body(failure) }
        let services = world.services
        let (address, closings) = (AddressGroup(session.peer.address).key, world.closings)
        wait {
            let result = await services.authenticator.authenticate(credential, from: address)
            guard case .success(let identity) = result else { return (result, Belongings()) }
            return (result, await Belongings(of: identity, services))
        } then: { result, belongings in
            switch result {
            case .success(let identity) where world.closings != closings: logInAgain(identity, belongings, then: body)
            case .success(let identity): body(world.logIn(session, as: identity, with: belongings))
            case .failure(let failure): body(failure)
            }
        }
    }

    /// Some account was closed, or its credentials changed, while this login was judged: perhaps its own.
    private func logInAgain(_ identity: Identity, _ belongings: Belongings, then body: @escaping @LoopActor (SASLFailure?) -> Void) {
        let (authenticator, closings) = (world.services.authenticator, world.closings)
        wait { () -> Result<Identity, SASLFailure> in
            do throws(SASLFailure) { return .success(try await authenticator.renewed(identity)) } catch { return .failure(error) }
        } then: { result in
            switch result {
            case .failure(let failure): body(failure)
            case .success(let identity) where world.closings != closings: logInAgain(identity, belongings, then: body)
            case .success(let identity): body(world.logIn(session, as: identity, with: belongings))
            }
        }
    }
}

/// What is stored for an account and comes along with a login.
struct Belongings: Sendable {
    var metadata: [String: String] = [:]
    var readMarkers: [String: Int64] = [:]

    /// Of somebody who has nothing.
    init() {}

    /// What cannot be read is shown as not set; the login goes on.
    init(of identity: Identity, _ services: World.Services) async {
        metadata = (try? await services.metadata.values(ofAccount: identity.account)) ?? [:]
        readMarkers = (try? await services.readMarkers.all(ofAccount: identity.account)) ?? [:]
    }
}

extension World {
    /// Logs the connection in, if it may be; returns why not.
    func logIn(_ session: Session, as identity: Identity, with belongings: Belongings) -> SASLFailure? {
        guard Permissions.logIn(session, as: identity.account) else {
            return SASLFailure(.already, "Your other connections are logged in to another account", counts: false)
        }
        guard Permissions.logIn(with: identity, configuration) else { return .rejected }
        guard Permissions.enter(as: identity, configuration) else { return .notOnTheList }
        session.client.metadata.adopt(belongings.metadata)
        session.client.readMarkers.adopt(belongings.readMarkers)
        logIn(session, as: identity)
        return nil
    }

    /// Binds `identity` to the connection and tells it, and whoever sees it, so (900, account-notify, chghost).
    func logIn(_ session: Session, as identity: Identity) {
        let client = session.client
        let (before, hadAccount) = (client.identity, client.identity?.account)
        // Whoever becomes somebody else does not stay as the one before.
        if hadAccount != identity.account { stopStaying(client) }
        client.identity = identity
        if identity.isLocal { reservedNicks[CaseMapping.fold(identity.account)] = CaseMapping.fold(identity.account) }
        client.modes.set(.registered, true)
        updateOperator(client, before: before)
        session.rest(on: identity)
        announceHost(of: client, host(for: identity))
        session.send(
            Line(
                configuration.name, Numeric.loggedIn.digits, [client.target, client.source, identity.account],
                text: "You are now logged in as \(identity.account)"))
        giveAPIBearer(to: session)
        if client.isRegistered, hadAccount != identity.account {
            let line = event(by: client, "ACCOUNT", [identity.account])
            sendToFollowers(of: client, line, with: .accountNotify)
            client.send(line) { $0.contains(.accountNotify) }
        }
        guard client.isRegistered else { return }
        for session in client.sessions { reclassify(session) }
        updateStay(of: client)
        session.tellPersistence()
        for channel in client.channels.values { grantAccess(client, in: channel) }
        turnAwayIfBanned(client)
    }

    /// Makes `client` an operator when it is one by who it is; and no longer when that was the reason and is none any more. Whoever
    /// became one by OPER stays one.
    ///
    /// - Parameters:
    ///   - before: who it was.
    ///   - rules: the configuration of that time; nil: that of now.
    func updateOperator(_ client: Client, before: Identity?, under rules: ServerConfiguration? = nil) {
        let was = before.map { Permissions.operate(as: $0, rules ?? configuration) } ?? false
        let isOne = client.identity.map { Permissions.operate(as: $0, configuration) } ?? false
        guard isOne != client.isOperator, isOne || was else { return }
        client.modes.set(.oper, isOne)
        client.operatesAs = nil
        let hadNotices = !client.notices.isEmpty
        if !isOne { setNotices(NoticeMask(), of: client) }
        guard client.isRegistered else { return }
        client.send(event("MODE", [client.target], text: isOne ? "+o" : hadNotices ? "-os" : "-o"))
        if isOne { beginNotices(for: client) }
    }

    /// Gives `client` another host. CHGHOST has the old source and goes to all who can read it, the client too (IRCv3 chghost).
    func announceHost(of client: Client, _ host: String) {
        guard client.host != host else { return }
        let before = client.source
        client.host = host
        guard client.isRegistered else { return }
        let line = Line(before, "CHGHOST", [client.user, host], tags: tags(by: client, time: clock.wallMilliseconds))
        client.send(line) { $0.contains(.chgHost) }
        sendToFollowers(of: client, line, with: .chgHost)
    }

    /// Takes the account off a person (901), and off its nickname when that is reserved for the account.
    func logOut(_ client: Client) {
        guard let before = client.identity else { return }
        stopStaying(client)
        client.identity = nil
        client.modes.set(.registered, false)
        updateOperator(client, before: before)
        announceHost(of: client, cloak.host(forAddress: client.address))
        for session in client.sessions {
            session.rest(on: nil)
            apiBearers.void(session)
            session.send(
                Line(
                    configuration.name, Numeric.loggedOut.digits, [client.target, client.source], text: "You are now logged out"))
        }
        let line = event(by: client, "ACCOUNT", ["*"])
        sendToFollowers(of: client, line, with: .accountNotify)
        client.send(line) { $0.contains(.accountNotify) }
        if let nick = client.nick, !Permissions.use(nick, by: client) {
            client.send(event("NOTICE", [client.target], text: "\(nick.text) is reserved for its account; you get another nickname"))
            rename(client, to: freeNickname())
        }
        if client.isRegistered {
            for session in client.sessions { reclassify(session) }
            turnAwayIfBanned(client)
        }
    }

    /// A nickname that nobody has or owns.
    func freeNickname() -> Nickname? {
        for _ in 0..<100 {
            let nick = Nickname("Guest\(Int.random(in: 10_000...99_999_999, using: &randomness))", limit: .max)
            if let nick, nicknames[nick.folded] == nil, reservedNicks[nick.folded] == nil { return nick }
        }
        return nil
    }
}
