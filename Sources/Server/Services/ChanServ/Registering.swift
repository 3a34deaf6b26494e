import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

@LoopActor
func registerChannel(_ request: ServiceRequest) {
    let world = request.world
    guard let account = request.ownAccount else { return }
    guard let channel = request.channel(request[0] ?? "") else { return }
    guard Permissions.registerChannels(request.asker.person, at: world.defense) else {
        return request.refuse("No channels are registered for now, try again later")
    }
    guard channel.registration == nil else { return request.refuse("\(channel.name.text) is registered already") }
    guard Permissions.register(channel, by: request.client) else {
        return request.refuse("You must be in \(channel.name.text) and run it (@) to register it")
    }
    let limit = world.configuration.accounts.channels
    guard request.may(.chanreg) || world.channelCount(of: account) < limit else {
        return request.refuse("You have registered \(limit) channels, and more is not allowed")
    }
    channel.registration = ChannelRegistration(founder: account, registeredAt: request.now)
    world.keep(channel)
    for client in world.accounts[account] { world.grantAccess(client, in: channel) }
    request.stored("\(channel.name.text) is registered, and \(request.isAboutOthers ? "\(account) is" : "you are") its founder")
}

@LoopActor
func unregisterChannel(_ request: ServiceRequest) {
    guard let (channel, registration) = request.managed(from: .founder) else { return }
    let name = channel.name.text
    request.confirm(
        "\(channel.name.folded) \(registration.registeredAt)", at: 1,
        warning: "This forgets the access list, the bans and the topic of \(name)"
    ) {
        request.world.unregister(channel)
        if request.may(.chanreg), request.client?.identity.map({ CaseMapping.fold($0.account) }) != CaseMapping.fold(registration.founder) {
            request.audit("channel.unregister", ["channel": name, "founder": registration.founder])
        }
        request.stored("\(name) is not registered any more")
    }
}

/// `TRANSFER <channel> <account>` offers, `TRANSFER ACCEPT <channel>` takes. An operator of the server gives at once.
@LoopActor
func transferChannel(_ request: ServiceRequest) {
    switch request[0]?.uppercased() {
    case "ACCEPT": acceptChannel(request)
    case "CANCEL":
        guard let (channel, _) = request.managed(1, from: .founder) else { return }
        channel.registration?.offeredTo = nil
        request.world.keep(channel)
        request.stored("\(channel.name.text) is offered to nobody")
    default: offerChannel(request)
    }
}

@LoopActor
private func offerChannel(_ request: ServiceRequest) {
    guard let (channel, registration) = request.managed(from: .founder) else { return }
    let world = request.world
    request.withAccount(request[1] ?? "") { account in
        guard let now = request.managed(from: .founder)?.registration, now.registeredAt == registration.registeredAt else { return }
        guard CaseMapping.fold(account.name) != CaseMapping.fold(registration.founder) else {
            return request.refuse("\(account.name) is the founder already")
        }
        if request.may(.chanreg) {
            world.give(channel, to: account.name)
            request.audit("channel.transfer", ["channel": channel.name.text, "to": account.name])
            return request.stored("\(channel.name.text) belongs to \(account.name) now")
        }
        request.confirm(
            "\(channel.name.folded) \(registration.registeredAt) \(account.name)", at: 2,
            warning: "This gives \(channel.name.text) to \(account.name), who can then do what you can do today"
        ) {
            channel.registration?.offeredTo = account.name
            world.keep(channel)
            request.stored("\(account.name) can take \(channel.name.text) now: /msg ChanServ TRANSFER ACCEPT \(channel.name.text)")
        }
    }
}

@LoopActor
private func acceptChannel(_ request: ServiceRequest) {
    guard let channel = request.channel(request[1] ?? "") else { return }
    guard let account = request.ownAccount else { return }
    guard channel.registration?.offeredTo.map(CaseMapping.fold) == CaseMapping.fold(account) else {
        return request.refuse("\(channel.name.text) is not offered to \(request.isAboutOthers ? account : "you")")
    }
    guard request.world.channelCount(of: account) < request.world.configuration.accounts.channels else {
        return request.refuse("You have as many channels as are allowed")
    }
    request.world.give(channel, to: account)
    request.stored("\(channel.name.text) is yours now")
}

extension World {
    /// How many channels an account is the founder of.
    func channelCount(of account: String) -> Int {
        let account = CaseMapping.fold(account)
        return channels.values.count { $0.registration.map { CaseMapping.fold($0.founder) } == account }
    }

    /// Makes another account the founder. The old one stays an admin.
    func give(_ channel: Channel, to account: String) {
        guard var registration = channel.registration else { return }
        let old = registration.founder
        registration.founder = account
        registration.offeredTo = nil
        _ = registration.setAccess(account, nil, by: old, at: 0)
        _ = registration.setAccess(old, .admin, by: old, at: clock.wallMilliseconds / 1000)
        channel.registration = registration
        for member in channel.members {
            guard let holder = member.client.identity?.account else { continue }
            if CaseMapping.fold(holder) == CaseMapping.fold(old), channel.setRank(.founder, false, of: member.client) {
                send(event("MODE", [channel.name.text, "-q", member.client.target]), about: member.client, to: channel)
            }
            grantAccess(member.client, in: channel)
        }
        keep(channel)
    }

    /// The channel is nobody's any more. Who is in it stays.
    func unregister(_ channel: Channel) {
        channel.registration = nil
        for member in channel.members where channel.setRank(.founder, false, of: member.client) {
            send(event("MODE", [channel.name.text, "-q", member.client.target]), about: member.client, to: channel)
        }
        keep(channel)
        closeIfUnused(channel)
    }

    /// Hands on the channels of an account that is deleted: to their successors; what has none is nobody's.
    func handOnChannels(of account: String) {
        let account = CaseMapping.fold(account)
        for channel in Array(channels.values) {
            guard var registration = channel.registration else { continue }
            if CaseMapping.fold(registration.founder) == account {
                guard let successor = registration.successor, CaseMapping.fold(successor) != account else {
                    unregister(channel)
                    continue
                }
                channel.registration?.successor = nil
                give(channel, to: successor)
                registration = channel.registration ?? registration
            }
            if registration.successor.map(CaseMapping.fold) == account { registration.successor = nil }
            if registration.offeredTo.map(CaseMapping.fold) == account { registration.offeredTo = nil }
            _ = registration.setAccess(account, nil, by: account, at: 0)
            channel.registration = registration
            keep(channel)
        }
    }
}
