import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// `PASSWD <old> <new> <new>`, and `PASSWD <new> <new>` for an account that has none yet. The old one is checked like a login, with its
/// throttle.
@LoopActor
func changePassword(_ request: ServiceRequest) {
    guard let account = request.ownAccount, let session = request.session else { return }
    guard let identity = request.client?.identity, Permissions.havePassword(isLocal: identity.isLocal, request.world.configuration) else {
        return request.refuse("Accounts of the AT Protocol have no password here; DEVICE ADD makes one for a device")
    }
    guard request.arguments.count > 2 else { return makePassword(account, request) }
    let (old, new) = (request[0] ?? "", request[1] ?? "")
    guard new == request[2] else { return request.refuse("The new password must stand there twice") }
    guard request.accepts(new, of: account) else { return }
    let (world, address) = (request.world, AddressGroup(session.peer.address).key)
    let services = world.services
    request.wait {
        switch await services.authenticator.authenticate(.plain(account: account, password: old), from: address) {
        case .failure(.rejected): return "The old password is wrong"
        case .failure(let failure): return failure.text
        case .success(let identity) where identity.devicePassword != nil: return "A device password does not change the password"
        case .success: return await services.store(new, of: account)
        }
    } effect: { problem in
        if problem == nil { world.passwordChanged(of: account, except: session) }
    } then: {
        request.tell($0, orElse: "Your password is changed; other connections that logged in with the old one are closed", changed: account)
    }
}

@LoopActor
private func makePassword(_ account: String, _ request: ServiceRequest) {
    guard request.mayMakeCredentials(for: nil) else { return }
    let new = request[0] ?? ""
    guard new == request[1] else { return request.refuse("The new password must stand there twice") }
    guard request.accepts(new, of: account) else { return }
    let services = request.world.services
    request.wait { () -> String? in
        do {
            let isFirst = try await services.accounts.setFirstPasswordHash(
                services.hasher.hash(new), scramVerifier: services.hasher.scramVerifier(for: new), name: account)
            return isFirst ? nil : "You have a password: PASSWD <old password> <new password> <new password>"
        } catch {
            return "The password could not be changed, try again in a moment"
        }
    } then: {
        request.tell($0, orElse: "You have a password now: SASL PLAIN and IDENTIFY take it")
    }
}

/// `SAPASSWD <account> <password>`.
@LoopActor
func setPassword(_ request: ServiceRequest) {
    request.withAccountInReach(request[0] ?? "") { account in
        let (world, new) = (request.world, request[1] ?? "")
        guard Permissions.havePassword(isLocal: account.isLocal, world.configuration) else {
            return request.refuse("\(account.name) logs in with its AT Protocol identity")
        }
        guard request.mayMakeCredentials(for: account) else { return }
        guard request.accepts(new, of: account.name) else { return }
        let services = world.services
        request.wait {
            await services.store(new, of: account.name)
        } effect: { problem in
            if problem == nil { world.passwordChanged(of: account.name) }
            request.audit("account.password", ["account": account.name], outcome: .init(isDone: problem == nil))
        } then: {
            request.tell($0, orElse: "The password of \(account.name) is changed", changed: account.name)
        }
    }
}

extension ServiceRequest {
    /// Tells why something could not be done, or that it is done, and what still opens the account that has another password now.
    fileprivate func tell(_ refusal: String?, orElse success: String, changed account: String? = nil) {
        if let refusal { return refuse(refusal) }
        say(success)
        if let account { tellOtherWays(into: account) }
    }

    /// Whether this may be the password of `account`; says why not.
    func accepts(_ password: String, of account: String) -> Bool {
        do throws(AccountRequest.Refusal) {
            try PasswordRule(minimum: world.configuration.accounts.passwordLength).check(password, of: account)
            return true
        } catch {
            refuse(error.text)
            return false
        }
    }
}

extension World.Services {
    /// Stores another password; returns what went wrong.
    fileprivate func store(_ password: String, of account: String) async -> String? {
        do {
            try await accounts.setPasswordHash(
                hasher.hash(password), scramVerifier: hasher.scramVerifier(for: password), name: account)
            return nil
        } catch {
            return "The password could not be changed, try again in a moment"
        }
    }
}

extension World {
    /// Closes the connections that rest on the old password of an account, also those whose login is judged just now. Links with which
    /// one gets what the account has said are void.
    func passwordChanged(of account: String, except own: Session? = nil) {
        closings += 1
        exports.forget(account)
        let key = CaseMapping.fold(account)
        endOperating(except: own?.client) { CaseMapping.fold($0.account) == key }
        for session in sessions.values where session !== own && session.client.identity.map({ CaseMapping.fold($0.account) }) == key {
            if case .password? = session.proof { doom(session, .killed("The password of this account was changed")) }
        }
    }
}
