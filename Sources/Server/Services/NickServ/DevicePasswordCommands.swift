import Accounts
import IRCProtocol
import MainLoop
import Store

/// `DEVICE ADD <name> [<days>]`, `DEVICE DEL <name>`, `DEVICE LIST`: passwords for one device each.
@LoopActor
func changeDevicePasswords(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    switch request[0]?.uppercased() {
    case "LIST": listDevicePasswords(of: account, request)
    case "ADD":
        guard request.mayMakeCredentials(for: request.subject) else { return }
        addDevicePassword(to: account, request)
    case "DEL", "REMOVE", "REVOKE": removeDevicePassword(from: account, request)
    default: request.sayUsage()
    }
}

@LoopActor
private func listDevicePasswords(of account: String, _ request: ServiceRequest) {
    let (accounts, now) = (request.world.services.accounts, request.world.clock.wallMilliseconds)
    request.wait {
        try? await accounts.devicePasswords(ofAccount: account)
    } then: { found in
        guard let found else { return request.refuseForNow() }
        for device in found {
            let used = device.lastUsedAt.map { "last used \(ServerTime.format($0))" } ?? "never used"
            let end = device.expiresAt.map { ", \($0 > now ? "expires" : "expired") \(ServerTime.format($0))" } ?? ""
            request.say("  \(device.name)  since \(ServerTime.format(device.createdAt)), \(used)\(end)")
        }
        request.say("\(found.count) device passwords")
    }
}

@LoopActor
private func addDevicePassword(to account: String, _ request: ServiceRequest) {
    guard let name = request[1] else { return request.sayUsage() }
    guard DevicePasswords.isName(name) else {
        return request.refuse("The name of a device has 1 to 32 letters, digits, hyphens, underscores and dots")
    }
    let days = request[2].flatMap { Int($0) }
    guard request[2] == nil || days.map((1...DevicePasswords.maximumDays).contains) == true else {
        return request.refuse("It can be good for 1 to \(DevicePasswords.maximumDays) days")
    }
    let (world, services) = (request.world, request.world.services)
    guard world.allowances.spend("device \(CaseMapping.fold(account))", limit: 30, at: world.clock.uptime) else {
        return request.refuse("Not more than 30 times an hour")
    }
    let (devices, now) = (DevicePasswords(accounts: services.accounts, hasher: services.hasher), world.clock.wallMilliseconds)
    request.wait {
        try? await devices.make(name: name, account: account, days: days, now: now)
    } then: { outcome in
        switch outcome {
        case .made(let password):
            request.say("The password of \(name) is \(password.text)")
            request.say("It is not shown again. Log in with it as \(account) with SASL PLAIN; DEVICE DEL \(name) ends it")
        case .taken: request.refuse("You have a device password called \(name) already")
        case .tooMany: request.refuse("You have \(DevicePasswords.limit) device passwords, and more is not allowed")
        case nil: request.refuseForNow()
        }
    }
}

@LoopActor
private func removeDevicePassword(from account: String, _ request: ServiceRequest) {
    guard let name = request[1] else { return request.sayUsage() }
    let (world, accounts) = (request.world, request.world.services.accounts)
    request.wait {
        await Result { try await accounts.removeDevicePassword(name: name, fromAccount: account) }
    } then: { outcome in
        switch outcome {
        case .success(let id?):
            request.say("\(name) no longer logs you in; connections that used it are closed")
            world.devicePasswordRevoked(id)
        case .success(nil): request.refuse("You have no device password called \(name)")
        case .failure: request.refuseForNow()
        }
    }
}

extension World {
    /// Closes the connections that rest on a device password that is gone from the database, also those whose login is judged
    /// just now.
    package func devicePasswordRevoked(_ id: String) {
        closings += 1
        for session in sessions.values where session.devicePassword == id {
            doom(session, .killed("The device password of this connection was revoked"))
        }
    }
}
