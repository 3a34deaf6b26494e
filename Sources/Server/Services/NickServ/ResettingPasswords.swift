import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// How long a code for another password is left as it is, in milliseconds. Nobody gets more than three mails an hour so.
private let resetPause: Int64 = 1_200_000

/// `SENDPASS <account>`: sends a code to the address of the account. The answer is the same whether there is such an account or not, and
/// comes before anybody has looked.
///
/// How often somebody asks is counted by address, not by account: others could use that up, and its owner would get nothing. So that
/// nobody floods a mailbox, a code that went there just now is not sent again; it still counts, whoever asked for it.
@LoopActor
func sendPassword(_ request: ServiceRequest) {
    let (world, name) = (request.world, request[0] ?? "")
    guard world.services.mail != nil else { return request.refuse("This server sends no mail; ask an operator for another password") }
    if let session = request.session {
        let address = AddressGroup(session.peer.address).key
        guard world.allowances.spend("reset from \(address)", limit: 5, at: world.clock.uptime) else {
            return request.refuse("Not more than 5 times an hour")
        }
    }
    request.say(
        "If there is such an account with a password and a proved address, a code is on its way there: RESETPASS <account> <code> <new password>"
    )
    guard name.utf8.count <= 64 else { return }
    let (services, configuration, now, logger) = (world.services, world.configuration, world.clock.wallMilliseconds, world.logger)
    world.job {
        do {
            try await services.mailReset(name, configuration, now)
        } catch {
            logger.error("reset.failed", metadata: ["error": "\(error)"])
        }
    } then: {
    }
}

/// `RESETPASS <account> <code> <new password>`.
@LoopActor
func resetPassword(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    let (world, name, code, new) = (request.world, request[0] ?? "", request[1] ?? "", request[2] ?? "")
    guard request.accepts(new, of: name) else { return }
    guard world.allowances.spend("verify " + AddressGroup(context.session.peer.address).key, limit: 20, at: world.clock.uptime) else {
        return request.refuse("Too many codes from your address, try again later")
    }
    let (services, now) = (world.services, world.clock.wallMilliseconds)
    request.wait { () -> Bool? in
        do {
            let typed = MailedCode(.reset, ofAccount: name, hash: TypedCode.hash(code))
            guard try await services.accounts.document(of: typed, now: now) != nil else { return false }
            return try await services.accounts.setPasswordHash(
                services.hasher.hash(new), scramVerifier: services.hasher.scramVerifier(for: new), name: name, with: typed, now: now)
        } catch {
            return nil
        }
    } effect: { isChanged in
        guard isChanged == true else { return }
        world.logger.notice("account.reset", metadata: ["account": "\(name)", "by": "\(context.client.source)"])
        world.passwordChanged(of: name)
    } then: { isChanged in
        guard let isChanged else { return request.refuseForNow() }
        guard isChanged else { return request.refuse("The code is wrong or too old") }
        request.say("The password is changed: IDENTIFY \(name) <new password>")
        request.tellOtherWays(into: name)
    }
}

extension World.Services {
    /// Sends a code to the owner of an account, if it has a password and an address that is proved to be theirs.
    fileprivate func mailReset(_ name: String, _ configuration: ServerConfiguration, _ now: Int64) async throws {
        guard let account = try await accounts.find(name: name), account.passwordHash != nil, !account.isSuspended,
            let email = account.settings.provedEmail, await Permissions.havePassword(isLocal: account.isLocal, configuration)
        else { return }
        try await sendCode(
            .reset, ofAccount: account.name, to: email, now: now, pause: resetPause, subject: "Your password on \(configuration.network)"
        ) { code in
            "Somebody, probably you, wants another password for the account \(account.name) on \(configuration.network).\n"
                + "To choose one, type on the server:\n\n    /msg NickServ RESETPASS \(account.name) \(code) NEW-PASSWORD\n\n"
                + "The code counts once, for one hour. If it was not you, do nothing.\n"
        }
    }
}
