import Accounts
import IRCProtocol
import MainLoop
import Store

/// `DEVICE ADD <name> [<days>]`, `DEVICE DEL <name>`, `DEVICE LIST`: passwords for one device each.
@LoopActor
func changeDevicePasswords(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    switch request.action() {
    case "LIST": listDevicePasswords(of: account, request)
    case "ADD":
        guard request.mayMakeCredentials(for: request.subject) else { return }
        addDevicePassword(to: account, request)
    case "DEL":
        guard request.mayChangeCredentials() else { return }
        removeDevicePassword(from: account, request)
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
    let order: DevicePasswordOrder
    do throws(DevicePasswordOrder.Fault) {
        order = try DevicePasswordOrder(name: name, days: request[2])
    } catch {
        // Whoever types a name of several words has written the second where the days belong.
        guard let word = request[2], word.contains(where: \.isLetter) else { return request.refuse(error.description) }
        return request.refuse("\(error.description); a name has no spaces: DEVICE ADD \(name)-\(word)")
    }
    let world = request.world
    request.wait {
        try? await world.makeDevicePassword(order, for: account)
    } then: { outcome in
        guard let outcome else { return request.refuseForNow() }
        guard case .made(let password) = outcome else { return request.refuse(outcome.refusal ?? "") }
        request.say("The password of \(name) is \(password.text)")
        request.say("It is not shown again. Log in with it as \(account) with SASL PLAIN; DEVICE DEL \(name) ends it")
    }
}

@LoopActor
private func removeDevicePassword(from account: String, _ request: ServiceRequest) {
    guard let name = request[1] else { return request.sayUsage() }
    let world = request.world
    request.wait {
        try? await world.revokeDevicePassword(name, of: account)
    } then: { isRevoked in
        switch isRevoked {
        case true?: request.say("\(name) no longer logs you in; connections that used it are closed")
        case false?: request.refuse("You have no device password called \(name)")
        case nil: request.refuseForNow()
        }
    }
}
