import Accounts
import IRCProtocol
import MainLoop
import Store

@LoopActor
func reserveNick(_ request: ServiceRequest) {
    guard let client = request.client, let nick = client.nick, let account = request.account else { return }
    let (world, key) = (request.world, CaseMapping.fold(account))
    guard world.reservedNicks[nick.folded] == nil else { return request.say("\(nick.text) is reserved already") }
    let limit = world.configuration.accounts.nicknames
    guard world.reservedNicks.count(where: { $0.value == key && $0.key != key }) < limit else {
        return request.say("You have reserved \(limit) nicknames, and more is not allowed")
    }
    let accounts = world.services.accounts
    request.wait {
        (try? await accounts.reserve(nickname: nick.folded, account: account)) ?? false
    } then: { isReserved in
        guard isReserved else { return request.say("\(nick.text) could not be reserved") }
        world.reservedNicks[nick.folded] = key
        request.say("\(nick.text) is reserved for you")
    }
}

@LoopActor
func releaseNick(_ request: ServiceRequest) {
    guard let account = request.account else { return }
    let (world, nick, accounts) = (request.world, CaseMapping.fold(request[0] ?? ""), request.world.services.accounts)
    request.wait {
        (try? await accounts.release(nickname: nick, account: account)) ?? false
    } then: { isReleased in
        guard isReleased else { return request.say("\(nick) is not reserved for you beside the name of your account") }
        world.reservedNicks[nick] = nil
        request.say("\(nick) is free for everybody")
    }
}

/// Whoever has the nickname, when it is reserved for the asker or was its own connection.
@LoopActor
private func holder(_ request: ServiceRequest) -> Client? {
    let nick = CaseMapping.fold(request[0] ?? "")
    guard let other = request.world.nicknames[nick], other.isRegistered else {
        request.say("Nobody uses \(nick.asParameter)")
        return nil
    }
    guard other !== request.client else {
        request.say("That is you")
        return nil
    }
    let account = request.account.map(CaseMapping.fold)
    guard request.world.reservedNicks[nick] == account || other.identity.map({ CaseMapping.fold($0.account) }) == account else {
        request.say("\(other.target) is not your nickname")
        return nil
    }
    return other
}

@LoopActor
func ghost(_ request: ServiceRequest) {
    guard let other = holder(request) else { return }
    request.world.end(other, reason: "GHOST command used by \(request.client?.target ?? "an administrator")")
    request.say("Done")
}

@LoopActor
func regain(_ request: ServiceRequest) {
    guard let client = request.client, let nick = Nickname(request[0] ?? "", limit: request.world.configuration.limits.nick) else {
        return request.sayUsage()
    }
    if request.world.nicknames[nick.folded] != nil {
        guard let other = holder(request) else { return }
        request.world.end(other, reason: "REGAIN command used by \(client.target)")
    }
    guard Permissions.use(nick, by: client) else { return request.say("\(nick.text) is reserved for another account") }
    request.world.rename(client, to: nick)
    request.say("You are \(nick.text)")
}
