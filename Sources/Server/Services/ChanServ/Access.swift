import IRCProtocol
import MainLoop
import Store

/// `AMODE <channel> [<+-rank> <account>]`.
@LoopActor
func accessList(_ request: ServiceRequest) {
    guard let (channel, registration) = request.managed(from: .voice) else { return }
    guard let change = request[1], let name = request[2] else {
        request.say("\(channel.name.text): founder \(registration.founder)")
        for entry in registration.access.values.sorted(by: { $0.account < $1.account }) {
            request.say("  +\(entry.rank)  \(entry.account)  set by \(entry.setBy) on \(ServerTime.format(entry.setAt * 1000))")
        }
        return request.say("End of the access list")
    }
    let isAdding = !change.hasPrefix("-")
    guard let letter = change.last, let rank = ChannelMode(rawValue: letter).flatMap({ MemberRank(mode: $0) }), rank < .founder else {
        return request.refuse("The rank must be one of a, o, h and v, such as +o; a founder is made with TRANSFER")
    }
    guard Permissions.grant(max(rank, registration.rank(of: name) ?? rank), in: channel, by: request.client) else {
        return request.refuse("You may only change ranks below your own")
    }
    guard isAdding else {
        guard registration.rank(of: name) == rank else { return request.refuse("\(name.asParameter) does not have +\(letter)") }
        return apply(nil, to: name)
    }
    request.withAccount(name) { account in
        // Somebody may have changed the list meanwhile.
        let before = channel.registration?.rank(of: account.name)
        guard channel.registration != nil, Permissions.grant(max(rank, before ?? rank), in: channel, by: request.client) else {
            return request.refuse("You may only change ranks below your own")
        }
        apply(rank, to: account.name)
    }

    func apply(_ rank: MemberRank?, to account: String) {
        guard channel.registration?.setAccess(account, rank, by: request.signature, at: request.now) == true else {
            return request.refuse("The access list is full (\(ChannelRegistration.entryLimit) entries)")
        }
        request.world.keep(channel)
        if rank != nil {
            for member in channel.members { request.world.grantAccess(member.client, in: channel) }
        }
        request.stored(rank == nil ? "\(account) has no rank in \(channel.name.text) any more" : "\(account) has \(change) now")
    }
}

/// `AKICK <channel> [ADD <mask> [<reason>] | DEL <mask>]`.
@LoopActor
func keepOutList(_ request: ServiceRequest) {
    guard let (channel, registration) = request.managed(from: .op) else { return }
    switch request.action(at: 1) {
    case "ADD":
        guard let mask = request[2].flatMap({ BanMask($0) }), mask.text.utf8.count <= ChannelModeEditor.maskLimit else {
            return request.sayUsage()
        }
        let reason = request.arguments.count > 3 ? request.text(from: 3).truncated(toBytes: 200) : "You are not wanted here"
        guard channel.registration?.keepOut(mask, reason: reason, by: request.signature, at: request.now) == true else {
            return request.refuse("The list is full, or has this mask already")
        }
        request.world.keep(channel)
        for member in channel.members where Permissions.keptOut(member.client, of: channel) != nil {
            request.world.throwOut(member.client, of: channel, by: request.service, reason: reason)
        }
        request.stored("\(mask.text) is kept out of \(channel.name.text)")
    case "DEL":
        guard let mask = request[2].flatMap({ BanMask($0) }) else { return request.sayUsage() }
        guard channel.registration?.letIn(mask) == true else { return request.refuse("The list does not have \(mask.text)") }
        request.world.keep(channel)
        request.stored("\(mask.text) may enter \(channel.name.text) again")
    case nil, "LIST":
        for entry in registration.keptOut {
            request.say("  \(entry.mask)  \(entry.reason)  set by \(entry.setBy) on \(ServerTime.format(entry.setAt * 1000))")
        }
        request.say("End of the list of those kept out of \(channel.name.text)")
    default: request.sayUsage()
    }
}

/// `OP`, `DEOP`, `VOICE` and `DEVOICE`: of oneself as far as the access list goes, of others as their rank allows.
@LoopActor
func changeRank(_ request: ServiceRequest, _ rank: MemberRank, _ isAdding: Bool) {
    guard let (channel, _) = request.managed(from: rank == .voice ? .voice : .op) else { return }
    guard request[1] != nil || request.client != nil else { return request.sayUsage() }
    guard let target = request[1].map({ request.world.person(named: $0) }) ?? request.client, let member = channel[target] else {
        return request.refuse("\(request[1] ?? "You") is not in \(channel.name.text)")
    }
    if target !== request.client {
        guard Permissions.manage(channel, from: .op, by: request.client) else {
            return request.refuse("You need the rank o on the access list for that")
        }
        guard isAdding || Permissions.takeRank(from: target, in: channel, by: request.client) else {
            return request.refuse("\(target.target) has a rank as high as yours")
        }
    }
    guard member.ranks.contains(rank) != isAdding else {
        return request.refuse("\(target.target) \(isAdding ? "is that already" : "is not that")")
    }
    let world = request.world
    world.changeVisibility(of: target, in: channel) { _ = channel.setRank(rank, isAdding, of: target) }
    world.keep(target)
    request.changeModes(of: channel, ["\(isAdding ? "+" : "-")\(rank.mode.rawValue)", target.target])
    request.say("Done")
}

extension World {
    /// A service throws somebody out.
    func throwOut(_ client: Client, of channel: Channel, by service: Service, reason: String) {
        let line = Line(
            service.source(on: configuration.name), "KICK", [channel.name.text, client.target], text: reason,
            tags: LineTags(time: clock.wallMilliseconds))
        send(line, about: client, to: channel)
        leave(channel, client)
    }
}
