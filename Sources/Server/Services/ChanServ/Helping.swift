import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

@LoopActor
func channelInfo(_ request: ServiceRequest) {
    if let purge = request.world.purges[CaseMapping.fold(request[0] ?? "")] {
        return request.say("\(purge.name) is closed by the operators: \(purge.reason)")
    }
    guard let channel = request.channel(request[0] ?? "") else { return }
    guard let registration = channel.registration else { return request.refuse("\(channel.name.text) is not registered") }
    request.say("\(channel.name.text)")
    request.say("  Founder:    \(registration.founder)")
    if let successor = registration.successor { request.say("  Successor:  \(successor)") }
    request.say("  Registered: \(ServerTime.format(registration.registeredAt * 1000))")
    guard Permissions.manage(channel, from: .op, by: request.client) else { return }
    // It may have the key in it.
    if let lock = registration.lock { request.say("  Mode lock:  \(lock.text)") }
    request.say("  Access list: \(registration.access.count), kept out: \(registration.keptOut.count)")
}

@LoopActor
func listChannels(_ request: ServiceRequest) {
    let mask = Mask(glob: request[0] ?? "*")
    let registered = request.world.channels.values.filter { $0.registration != nil && mask.matches($0.name.text) }
    for channel in registered.sorted(by: { $0.name.folded < $1.name.folded }).prefix(500) {
        request.say("  \(channel.name.text)  founder \(channel.registration?.founder ?? "-"), \(channel.members.count) inside")
    }
    request.say("\(registered.count) registered channels")
    for purge in request.world.purges.values.sorted(by: { $0.name < $1.name }) where mask.matches(purge.name) {
        request.say("  \(purge.name)  closed by \(purge.setBy): \(purge.reason)")
    }
}

@LoopActor
func inviteOneself(_ request: ServiceRequest) {
    guard let client = request.client else { return }
    guard let (channel, _) = request.managed(from: .voice) else { return }
    guard channel[client] == nil else { return request.refuse("You are in \(channel.name.text)") }
    client.invitations.add(channel, limit: request.world.configuration.limits.channelsPerClient)
    request.say("You may enter \(channel.name.text)")
}

@LoopActor
func unbanOneself(_ request: ServiceRequest) {
    guard let client = request.client else { return }
    guard let (channel, _) = request.managed(from: .halfop) else { return }
    let check = BanCheck(client)
    let caught = channel.modes.entries(.ban).filter { check.matches($0.mask) }
    for entry in caught {
        _ = channel.modes.remove(entry.mask, from: .ban)
        request.changeModes(of: channel, ["-b", entry.mask.text])
    }
    request.say(caught.isEmpty ? "No ban in \(channel.name.text) catches you" : "\(caught.count) bans are gone")
}

@LoopActor
func tellKey(_ request: ServiceRequest) {
    guard let (channel, _) = request.managed(from: .voice) else { return }
    request.say(channel.modes.key.map { "The key of \(channel.name.text) is \($0)" } ?? "\(channel.name.text) has no key")
}

@LoopActor
func howToBan(_ request: ServiceRequest) {
    guard let channel = request.channel(request[0] ?? "") else { return }
    guard let other = request.world.person(named: request[1] ?? "") else { return request.refuse("There is nobody of this nickname") }
    if let account = other.identity?.account {
        request.say("/mode \(channel.name.text) +b account:\(account)  catches the account, whatever its nickname is")
    }
    request.say("/mode \(channel.name.text) +b *!*@\(other.host)  catches the host")
}

/// `CLEAR <channel> <USERS|BANS|ACCESS> [<code>]`.
@LoopActor
func clearChannel(_ request: ServiceRequest) {
    guard let (channel, registration) = request.managed(from: .founder) else { return }
    let world = request.world
    let what = request[1]?.uppercased() ?? ""
    guard ["USERS", "BANS", "ACCESS"].contains(what) else { return request.sayUsage() }
    request.confirm(
        "\(channel.name.folded) \(registration.registeredAt) \(what)", at: 2,
        warning: "This clears the \(what.lowercased()) of \(channel.name.text)"
    ) {
        switch what {
        case "USERS":
            for member in channel.members where member.client !== request.client {
                world.throwOut(member.client, of: channel, by: request.service, reason: "The channel is cleared")
            }
        case "BANS":
            for entry in channel.modes.entries(.ban) {
                _ = channel.modes.remove(entry.mask, from: .ban)
                request.changeModes(of: channel, ["-b", entry.mask.text])
            }
        default:
            channel.registration?.clearAccess()
            world.keep(channel)
        }
        request.stored("Done")
    }
}

/// `PURGE ADD <channel> [<reason>] [<code>] | DEL <channel> | LIST`.
@LoopActor
func purgeChannel(_ request: ServiceRequest) {
    let world = request.world
    switch request.action() {
    case "ADD":
        guard let name = request[1].flatMap({ ChannelName($0, limit: world.configuration.limits.channel) }) else {
            return request.sayUsage()
        }
        guard world.purges.count < World.purgeLimit || world.purges[name.folded] != nil else {
            return request.refuse("\(World.purgeLimit) channels are closed, and more is not possible")
        }
        purge(name, request)
    case "DEL":
        let key = CaseMapping.fold(request[1] ?? "")
        guard let purge = world.purges.removeValue(forKey: key) else { return request.refuse("This channel is not closed") }
        world.channelWriter.mark(key)
        request.audit("channel.unpurge", ["channel": purge.name])
        request.stored("\(purge.name) is open again")
    case "LIST":
        for purge in world.purges.values.sorted(by: { $0.name < $1.name }) {
            request.say("  \(purge.name)  \(purge.reason)  by \(purge.setBy) on \(ServerTime.format(purge.setAt * 1000))")
        }
        request.say("\(world.purges.count) closed channels")
    default: request.sayUsage()
    }
}

/// `PURGE ADD <channel> [<reason>] <code>`.
@LoopActor
private func purge(_ name: ChannelName, _ request: ServiceRequest) {
    let (world, channel) = (request.world, request.world.channels[name.folded])
    let action = "ADD \(name.folded) \(channel?.registration?.registeredAt ?? 0)"
    // The code is the last word, behind any number of others.
    let isConfirmed = request.arguments.last == request.confirmationCode(for: action)
    let words = isConfirmed ? request.arguments.dropLast() : request.arguments[...]
    let reason = words.count > 2 ? words.dropFirst(2).joined(separator: " ").truncated(toBytes: 200) : "No reason given"
    request.confirm(
        action, at: words.count, warning: "This throws everybody out of \(name.text), and forgets whose it is and all that belongs to it"
    ) {
        world.purges[name.folded] = Purge(name: name.text, reason: reason, setBy: request.signature, setAt: request.now)
        if let channel {
            channel.registration = nil
            _ = channel.modes.set(.permanent, false)
            for member in channel.members { world.throwOut(member.client, of: channel, by: request.service, reason: reason) }
            world.closeIfUnused(channel)
        }
        world.channelWriter.mark(name.folded)
        request.audit("channel.purge", ["channel": name.text, "reason": reason])
        request.stored("\(name.text) is closed")
    }
}

extension World {
    /// Channels that may be closed at once.
    static let purgeLimit = 1000
}
