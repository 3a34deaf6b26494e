import Accounts
import IRCProtocol
import Logging
import MainLoop
import Push
import Store

/// `SAREGISTER <account> <password>`: without the limits that people have.
@LoopActor
func registerForSomebody(_ request: ServiceRequest) {
    let world = request.world
    var rules = world.configuration.accounts
    (rules.registration, rules.needsEmail) = (.open, false)
    let wanted: AccountRequest
    do throws(AccountRequest.Refusal) {
        wanted = try AccountRequest(name: request[0] ?? "", password: request[1] ?? "", email: "*", rules)
    } catch {
        return request.refuse(error.text)
    }
    let maker = world.accountMaker
    request.wait {
        await maker.make(wanted, needsCode: false)
    } effect: { outcome in
        guard case .made(let identity) = outcome else { return }
        request.audit("account.made", ["account": identity.account])
        world.reservedNicks[CaseMapping.fold(identity.account)] = CaseMapping.fold(identity.account)
    } then: { outcome in
        switch outcome {
        case .made(let identity): request.say("The account \(identity.account) is made")
        case .refused(let refusal): request.refuse(refusal.text)
        case .codeSent: break
        }
    }
}

/// `SUSPEND <account> [<reason>]` and `UNSUSPEND <account>`.
@LoopActor
func suspend(_ request: ServiceRequest, _ isSuspended: Bool) {
    let (world, services) = (request.world, request.world.services)
    let accounts = services.accounts
    let reason = request.arguments.count > 1 ? request.text(from: 1).truncated(toBytes: 200) : "No reason given"
    request.withAccountInReach(request[0] ?? "") { account in
        request.wait {
            do {
                if isSuspended {
                    try await accounts.suspend(name: account.name, reason: reason)
                } else {
                    try await accounts.unsuspend(name: account.name)
                }
                return true
            } catch {
                return false
            }
        } effect: { isStored in
            request.audit(
                isSuspended ? "account.suspend" : "account.unsuspend",
                isSuspended ? ["account": account.name, "reason": reason] : ["account": account.name], outcome: .init(isDone: isStored))
            guard isStored, isSuspended else { return }
            world.closings += 1
            world.endAll(of: account.name, reason: "Account suspended (\(reason))")
            world.job {
                await services.endWebLogins(of: account, reason: "account suspended (\(reason))")
            } then: {
            }
        } then: { isStored in
            guard isStored else { return request.refuseForNow() }
            request.say("\(account.name) is \(isSuspended ? "suspended" : "open again")")
        }
    }
}

/// `UNREGISTER [<code>]` of one's own account.
@LoopActor
func unregisterAccount(_ request: ServiceRequest) {
    guard let account = request.ownAccount, request.mayChangeCredentials() else { return }
    request.withAccount(account) { account in unregister(account, request, codeAt: 0) }
}

/// `SAUNREGISTER <account> [<code>]`.
@LoopActor
func unregisterSomebody(_ request: ServiceRequest) {
    request.withAccountInReach(request[0] ?? "") { account in unregister(account, request, codeAt: 1) }
}

@LoopActor
private func unregister(_ account: AccountRecord, _ request: ServiceRequest, codeAt index: Int) {
    let (world, services) = (request.world, request.world.services)
    request.confirm(
        "\(account.name) \(account.createdAt)", at: index,
        warning: "This deletes the account \(account.name), its nicknames, settings and access, and gives its channels to their successors"
    ) {
        request.wait {
            (try? await services.accounts.delete(name: account.name)) != nil
        } effect: { isDeleted in
            if request.isAboutOthers { request.audit("account.delete", ["account": account.name], outcome: .init(isDone: isDeleted)) }
            guard isDeleted else { return }
            world.forget(account)
            world.job {
                await services.endWebLogins(of: account, reason: "account deleted")
            } then: {
            }
        } then: { isDeleted in
            guard isDeleted else { return request.refuseForNow() }
            request.say("The account \(account.name) is deleted")
        }
    }
}

extension World {
    /// Lets go of all that is in memory of an account that is deleted.
    fileprivate func forget(_ account: AccountRecord) {
        let key = CaseMapping.fold(account.name)
        closings += 1
        reservedNicks = reservedNicks.filter { $0.value != key }
        handOnChannels(of: account.name)
        services.push?.forget(account: account.name)
        exports.forget(account.name)
        endOperating { CaseMapping.fold($0.account) == key }
        let people = Array(clients.values) + sessions.values.lazy.filter { !$0.isRegistered }.map(\.client)
        for client in people where client.identity.map({ CaseMapping.fold($0.account) }) == key {
            stopStaying(client)
            if client.sessions.isEmpty { end(client, reason: "Account deleted") } else { logOut(client) }
        }
    }

    /// Disconnects everybody who is logged in to `account`, also those who stay without a connection.
    func endAll(of account: String, reason: String) {
        let key = CaseMapping.fold(account)
        exports.forget(account)
        endAll(reason: reason) { CaseMapping.fold($0.account) == key }
    }

    /// Disconnects everybody whose identity `isMeant`, those who still register too.
    func endAll(reason: String, where isMeant: (Identity) -> Bool) {
        endOperating(where: isMeant)
        for client in Array(clients.values) where client.identity.map(isMeant) == true { end(client, reason: reason) }
        for session in sessions.values where session.client.identity.map(isMeant) == true { doom(session, .killed(reason)) }
    }
}
