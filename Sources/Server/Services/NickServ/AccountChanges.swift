import Accounts
import IRCProtocol
import Logging
import MainLoop
import Push
import Store

/// `PASSWD <old> <new> <new>`. The old one is checked like a login, with its throttle.
@LoopActor
func changePassword(_ request: ServiceRequest) {
    guard let account = request.account, let context = request.asker as? CommandContext else { return request.sayUsage() }
    let (old, new) = (request[0] ?? "", request[1] ?? "")
    guard new == request[2] else { return request.say("The new password must stand there twice") }
    guard let hash = checkedHash(request, account, new) else { return }
    let (services, address) = (request.world.services, AddressGroup(context.session.peer.address).key)
    request.wait {
        switch await services.authenticator.authenticate(.plain(account: account, password: old), from: address) {
        case .failure(let failure): return failure.text
        case .success(let identity) where identity.devicePassword != nil: return "A device password does not change the password"
        case .success: return await hash()
        }
    } then: {
        request.say($0 ?? "Your password is changed")
    }
}

/// The work of storing another password, which returns what went wrong; nil, and an answer, for a password that is none.
@LoopActor
private func checkedHash(_ request: ServiceRequest, _ account: String, _ password: String) -> (@Sendable () async -> String?)? {
    let limit = request.world.configuration.accounts.passwordLength
    guard (limit...PasswordHasher.maximumPasswordLength).contains(password.utf8.count) else {
        request.say("A password has \(limit) to \(PasswordHasher.maximumPasswordLength) bytes")
        return nil
    }
    let services = request.world.services
    return {
        do {
            try await services.accounts.setPasswordHash(
                services.hasher.hash(password), scramVerifier: services.hasher.scramVerifier(for: password), name: account)
            return nil
        } catch {
            return "The password could not be changed, try again in a moment"
        }
    }
}

/// `SAPASSWD <account> <password>`.
@LoopActor
func setPassword(_ request: ServiceRequest) {
    request.withAccount(request[0] ?? "") { account in
        guard account.did == nil else { return request.say("\(account.name) logs in with its AT Protocol identity") }
        guard let hash = checkedHash(request, account.name, request[1] ?? "") else { return }
        request.audit("account.password", ["account": "\(account.name)"])
        request.wait {
            await hash()
        } then: {
            request.say($0 ?? "The password of \(account.name) is changed")
        }
    }
}

/// `SAREGISTER <account> <password>`: without the limits that people have.
@LoopActor
func registerForSomebody(_ request: ServiceRequest) {
    let world = request.world
    var rules = world.configuration.accounts
    (rules.registration, rules.needsEmail) = (true, false)
    let wanted: AccountRequest
    do throws(AccountRequest.Refusal) {
        wanted = try AccountRequest(name: request[0] ?? "", password: request[1] ?? "", email: "*", rules)
    } catch {
        return request.say(error.text)
    }
    let maker = world.accountMaker
    request.wait {
        await maker.make(wanted, needsCode: false)
    } then: { outcome in
        switch outcome {
        case .made(let identity):
            request.audit("account.made", ["account": "\(identity.account)"])
            world.reservedNicks[CaseMapping.fold(identity.account)] = CaseMapping.fold(identity.account)
            request.say("The account \(identity.account) is made")
        case .refused(let refusal): request.say(refusal.text)
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
    request.withAccount(request[0] ?? "") { account in
        request.audit(isSuspended ? "account.suspend" : "account.unsuspend", ["account": "\(account.name)", "reason": "\(reason)"])
        request.wait {
            do {
                try await accounts.setSuspended(isSuspended, name: account.name)
                _ = try await accounts.changeSettings(name: account.name) { $0.suspensionReason = isSuspended ? reason : nil }
                return true
            } catch {
                return false
            }
        } effect: { isStored in
            guard isStored, isSuspended else { return }
            world.closings += 1
            world.endAll(of: account.name, reason: "Account suspended (\(reason))")
            world.job {
                await services.endWebLogins(of: account, reason: "account suspended (\(reason))")
            } then: {
            }
        } then: { isStored in
            guard isStored else { return request.say("This could not be stored, try again in a moment") }
            request.say("\(account.name) is \(isSuspended ? "suspended" : "open again")")
        }
    }
}

/// `UNREGISTER [<code>]` of one's own account.
@LoopActor
func unregisterAccount(_ request: ServiceRequest) {
    request.withAccount(request.account ?? "") { account in unregister(account, request, codeAt: 0) }
}

/// `SAUNREGISTER <account> [<code>]`.
@LoopActor
func unregisterSomebody(_ request: ServiceRequest) {
    request.withAccount(request[0] ?? "") { account in unregister(account, request, codeAt: 1) }
}

@LoopActor
private func unregister(_ account: AccountRecord, _ request: ServiceRequest, codeAt index: Int) {
    let (world, services) = (request.world, request.world.services)
    request.confirm(
        "\(account.name) \(account.createdAt)", at: index,
        warning: "This deletes the account \(account.name), its nicknames, settings and access, and gives its channels to their successors"
    ) {
        if request.isOperator { request.audit("account.delete", ["account": "\(account.name)"]) }
        request.wait {
            (try? await services.accounts.delete(name: account.name)) != nil
        } effect: { isDeleted in
            guard isDeleted else { return }
            world.forget(account)
            world.job {
                await services.endWebLogins(of: account, reason: "account deleted")
            } then: {
            }
        } then: { isDeleted in
            request.say(isDeleted ? "The account \(account.name) is deleted" : "This could not be done, try again in a moment")
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
        let people = Array(clients.values) + sessions.values.lazy.filter { !$0.isRegistered }.map(\.client)
        for client in people where client.identity.map({ CaseMapping.fold($0.account) }) == key {
            stopStaying(client)
            if client.sessions.isEmpty { end(client, reason: "Account deleted") } else { logOut(client) }
        }
    }

    /// Disconnects everybody who is logged in to `account`, also those who stay without a connection.
    func endAll(of account: String, reason: String) {
        let key = CaseMapping.fold(account)
        endAll(reason: reason) { CaseMapping.fold($0.account) == key }
    }

    /// Disconnects everybody whose identity `isMeant`, those who still register too.
    func endAll(reason: String, where isMeant: (Identity) -> Bool) {
        for client in Array(clients.values) where client.identity.map(isMeant) == true { end(client, reason: reason) }
        for session in sessions.values where session.client.identity.map(isMeant) == true { doom(session, .killed(reason)) }
    }
}
