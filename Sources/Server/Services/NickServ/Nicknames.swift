import Accounts
import IRCProtocol
import MainLoop
import Store

@LoopActor
func reserveNick(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    let (world, key) = (request.world, CaseMapping.fold(account))
    // Who is here uses the nickname; in the place of others it is named.
    let named = request[0].flatMap { Nickname($0, limit: world.configuration.limits.nick) }
    guard let nick = request.client == nil ? named : request.client?.nick, Service.named(nick.folded) == nil else {
        return request.sayUsage()
    }
    guard world.reservedNicks[nick.folded] == nil else { return request.refuse("\(nick.text) is reserved already") }
    let limit = world.configuration.accounts.nicknames
    guard world.reservedNicks.count(where: { $0.value == key && $0.key != key }) < limit else {
        return request.refuse("You have reserved \(limit) nicknames, and more is not allowed")
    }
    let accounts = world.services.accounts
    request.wait {
        (try? await accounts.reserve(nickname: nick.folded, account: account)) ?? false
    } effect: { isReserved in
        if isReserved { world.reservedNicks[nick.folded] = key }
    } then: { isReserved in
        guard isReserved else { return request.refuse("\(nick.text) could not be reserved") }
        request.say("\(nick.text) is reserved for \(request.isAboutOthers ? account : "you")")
    }
}

@LoopActor
func releaseNick(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    let (world, nick, accounts) = (request.world, CaseMapping.fold(request[0] ?? ""), request.world.services.accounts)
    request.wait {
        (try? await accounts.release(nickname: nick, account: account)) ?? false
    } effect: { isReleased in
        if isReleased { world.reservedNicks[nick] = nil }
    } then: { isReleased in
        guard isReleased else {
            let (owner, whose) = request.isAboutOthers ? (account, "the") : ("you", "your")
            return request.refuse("\(nick) is not reserved for \(owner) beside the name of \(whose) account")
        }
        request.say("\(nick) is free for everybody")
    }
}

/// Whoever has the nickname, when it is reserved for the asker or was its own connection.
@LoopActor
private func holder(_ request: ServiceRequest) -> Client? {
    let nick = CaseMapping.fold(request[0] ?? "")
    guard let other = request.world.nicknames[nick], other.isRegistered else {
        request.refuse("Nobody uses \(nick.asParameter)")
        return nil
    }
    guard other !== request.client else {
        request.refuse("That is you")
        return nil
    }
    guard Permissions.reclaim(other, for: request.account, isAdministrator: request.isAdministrator) else {
        request.refuse("\(other.target) is not your nickname")
        return nil
    }
    return other
}

@LoopActor
func ghost(_ request: ServiceRequest) {
    guard let other = holder(request) else { return }
    let ghost = other.source
    request.world.end(other, reason: "GHOST command used by \(request.client?.target ?? "an administrator")")
    if request.isAdministrator { request.audit("nickname.ghost", ["target": ghost]) }
    request.say("Done")
}

@LoopActor
func regain(_ request: ServiceRequest) {
    guard let client = request.client, let nick = Nickname(request[0] ?? "", limit: request.world.configuration.limits.nick) else {
        return request.sayUsage()
    }
    guard Permissions.use(nick, by: client) else { return request.refuse("\(nick.text) is reserved for another account") }
    if let channel = Permissions.channelAgainstRenaming(client) {
        return request.refuse("You cannot change your nickname while you are in \(channel.name.text)")
    }
    if request.world.nicknames[nick.folded] != nil {
        guard let other = holder(request) else { return }
        request.world.end(other, reason: "REGAIN command used by \(client.target)")
    }
    request.world.rename(client, to: nick)
    request.say("You are \(nick.text)")
}
