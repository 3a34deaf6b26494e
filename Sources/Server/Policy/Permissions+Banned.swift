import Accounts
import IRCProtocol
import MainLoop

/// Whom the bans of the server keep out.
extension Permissions {
    /// The ban that keeps connections from `address` out, whoever comes; asked before TLS. Those who connect for others, and this machine,
    /// are let in: what they tell of the people behind them is asked about later.
    static func ban(onAddress address: String, in world: World) -> ServerBan? {
        guard !world.configuration.gateways.contains(where: { $0.addresses.contains(address) }) else { return nil }
        let ban = world.serverBans.ban(on: BanSubject(address: address), at: world.clock.wallMilliseconds)
        return ban?.action == .reject ? ban : nil
    }

    /// The ban that keeps `client` out; operators of the server are kept out by none.
    ///
    /// - Parameter nick: the nickname that it is going to have; nil: that of now.
    static func ban(on client: Client, nick: Nickname? = nil, in world: World) -> ServerBan? {
        guard world.serverBans.count > 0, !standsAboveBans(client, in: world) else { return nil }
        return world.serverBans.ban(on: BanSubject(client, nick: nick), at: world.clock.wallMilliseconds)
    }

    /// Whether whoever connects with `session` may make an account: not where only those get in who have one.
    static func makeAccount(by session: Session, in world: World) -> Bool {
        if session.isRegistered { return true }
        return ban(on: session.client, nick: session.wantedNick ?? session.askedNick, in: world) == nil
            && blockList(on: session, in: world) == nil
    }

    /// Whether a new ban on `target` would catch `client`.
    static func wouldBan(_ client: Client, _ target: ServerBan.Target, _ action: ServerBan.Action, in world: World) -> Bool {
        let subject = BanSubject(client)
        guard target.catches(subject), action == .reject || client.identity == nil, !standsAboveBans(client, in: world) else {
            return false
        }
        return !world.serverBans.isExempt(subject, at: world.clock.wallMilliseconds)
    }

    /// Whether block lists are asked about connections from `address`.
    static func askBlockLists(about address: String, in world: World) -> Bool {
        guard !AddressGroup(address).isLoopback, !world.configuration.blockListExemptions.contains(where: { $0.contains(address) }),
            !world.configuration.gateways.contains(where: { $0.addresses.contains(address) })
        else { return false }
        return !world.serverBans.isExempt(BanSubject(address: address), at: world.clock.wallMilliseconds)
    }

    /// The block list that keeps `session` out; operators of the server are kept out by none.
    static func blockList(on session: Session, in world: World) -> BlockList? {
        guard let list = session.listedIn, !standsAboveBans(session.client, in: world) else { return nil }
        switch list.action {
        case .mark: return nil
        case .requireLogin: return session.client.identity == nil ? list : nil
        case .reject: return list
        }
    }

    /// Whether a ban that disconnects `caught` of `all` people is more than one who moderates means: a quarter, and at least ten.
    static func isLargeShare(_ caught: Int, of all: Int) -> Bool { caught >= 10 && caught * 4 > all }

    private static func standsAboveBans(_ client: Client, in world: World) -> Bool {
        client.isOperator || client.identity.map { operate(as: $0, world.configuration) } == true
    }
}
