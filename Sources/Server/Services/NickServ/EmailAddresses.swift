import Accounts
import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// What became of a code for an address.
private enum AddressCode: Sendable {
    case sent
    /// Another account has proved the address.
    case taken
    case refused(CodeRefusal)
    case failed
}

/// `SET EMAIL <address>`: a code goes there, and the address counts when that comes back.
@LoopActor
func setEmail(_ request: ServiceRequest) {
    guard let account = request.ownAccount, request.mayMakeCredentials(for: request.subject) else { return }
    let (world, address) = (request.world, request[1] ?? "")
    let services = world.services
    guard services.mail != nil else { return request.refuse("This server sends no mail, so an address cannot be proved") }
    guard AccountRequest.isAddress(address) else { return request.refuse("A valid email address is needed") }
    guard request.settings?.provedEmail != address else { return request.refuse("\(address) is proved already") }
    // Neither shall one account write to many, nor many to one.
    guard world.allowances.spend("email of \(CaseMapping.fold(account))", limit: 3, at: world.clock.uptime),
        world.allowances.spend("email to \(address.lowercased())", limit: 3, at: world.clock.uptime)
    else { return request.refuse("Not more than 3 times an hour") }
    let (network, now, logger) = (world.configuration.network, world.clock.wallMilliseconds, world.logger)
    request.wait { () -> AddressCode in
        do {
            guard try await !services.accounts.isKnown(email: address, except: account) else { return .taken }
            try await services.sendCode(
                .email, ofAccount: account, to: address, doing: Data(address.utf8), now: now,
                subject: "Your address on \(network)"
            ) { code in
                "Somebody, probably you, says that the account \(account) on \(network) has this address.\n"
                    + "To confirm it, type on the server:\n\n    /msg NickServ VERIFYEMAIL \(code)\n\n"
                    + "The code counts once, for one day. If it was not you, do nothing.\n"
            }
            return .sent
        } catch {
            logger.error("email.failed", metadata: ["account": "\(account)", "error": "\(error)"])
            return (error as? CodeRefusal).map(AddressCode.refused) ?? .failed
        }
    } then: { outcome in
        switch outcome {
        case .sent: request.say("A code is on its way to \(address): VERIFYEMAIL <code>")
        case .taken: request.refuse("This address belongs to another account")
        case .refused(let refusal): request.refuse(refusal.description)
        case .failed: request.refuseForNow()
        }
    }
}

/// `VERIFYEMAIL <code>`.
@LoopActor
func verifyEmail(_ request: ServiceRequest) {
    guard let account = request.ownAccount, request.mayMakeCredentials(for: request.subject) else { return }
    let world = request.world
    guard world.allowances.spend("verify email of \(CaseMapping.fold(account))", limit: 20, at: world.clock.uptime) else {
        return request.refuse("Too many codes, try again later")
    }
    let (services, now) = (world.services, world.clock.wallMilliseconds)
    let typed = MailedCode(.email, ofAccount: account, hash: TypedCode.hash(request[0] ?? ""))
    request.wait { () -> AccountStore.AddressChange? in
        do {
            guard let address = try await services.accounts.document(of: typed, now: now) else { return .void }
            return try await services.accounts.setEmail(String(decoding: address, as: UTF8.self), name: account, with: typed, now: now)
        } catch {
            return nil
        }
    } effect: { outcome in
        guard case .changed(let settings, let before)? = outcome else { return }
        world.apply(settings, to: account)
        world.logger.notice("account.email", metadata: ["account": "\(account)", "by": "\(request.asker.name)"])
        // Another spelling is the same mailbox.
        if let before, before.lowercased() != settings.email?.lowercased() { world.tellOldAddress(before, of: account) }
    } then: { outcome in
        switch outcome {
        case .changed(let settings, _):
            request.say("\(settings.email ?? "") is the address of \(account) now; SENDPASS sends a code there")
        case .taken: request.refuse("This address belongs to another account")
        case .void: request.refuse("The code is wrong or too old")
        case nil: request.refuseForNow()
        }
    }
}

extension World {
    /// Writes to the proved address that an account had: whoever reads it may not be the one who changed it.
    fileprivate func tellOldAddress(_ address: String, of account: String) {
        let (mail, network, logger) = (services.mail, configuration.network, logger)
        job {
            do {
                try await mail?(
                    address, "Your account on \(network)",
                    "The account \(account) on \(network) has another email address from now on, and this one does not count any more.\n"
                        + "If it was not you who changed it, change your password and tell the operators of the server.\n")
            } catch {
                logger.error("email.failed", metadata: ["account": "\(account)", "error": "\(error)"])
            }
        } then: {
        }
    }
}
