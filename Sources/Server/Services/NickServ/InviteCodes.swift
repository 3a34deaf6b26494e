import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// Codes that there are at once.
private let inviteLimit = 1000
/// The most accounts that one code makes.
private let inviteUses = 10_000

/// `INVITECODE ADD [<uses>] [<days>]`, `INVITECODE DEL <number>`, `INVITECODE LIST`: codes with which accounts are made.
@LoopActor
func changeInviteCodes(_ request: ServiceRequest) {
    switch request.action() {
    case "ADD": addInviteCode(request)
    case "DEL": removeInviteCode(request)
    case "LIST": listInviteCodes(request)
    default: request.sayUsage()
    }
}

@LoopActor
private func addInviteCode(_ request: ServiceRequest) {
    let (uses, days) = (request[1].map { Int($0) } ?? 1, request[2].map { Int($0) } ?? 30)
    guard let uses, let days, (1...inviteUses).contains(uses), (0...DevicePasswords.maximumDays).contains(days) else {
        return request.refuse(
            "A code is good for 1 to \(inviteUses) accounts and \(DevicePasswords.maximumDays) days at most; 0 days: for ever")
    }
    let (world, code) = (request.world, TypedCode.make(length: 16))
    let (accounts, now, creator) = (world.services.accounts, world.clock.wallMilliseconds, request.account ?? request.asker.name)
    request.wait {
        await Result {
            try await accounts.addInviteCode(
                hash: TypedCode.hash(code), useLimit: uses, by: creator, expiresAt: days == 0 ? nil : now + Int64(days) * 86_400_000,
                now: now, limit: inviteLimit)
        }
    } effect: { (outcome: Result<Int64?, any Error>) in
        guard case .success(let number?) = outcome else { return }
        request.audit("invite.made", ["target": "\(number)", "uses": "\(uses)", "days": "\(days)"])
    } then: { outcome in
        switch outcome {
        case .success(let number?):
            request.say("Invite code \(number) is \(code)")
            request.say("It is not shown again. REGISTER <password> <email or *> \(code) makes an account with it")
            if world.configuration.accounts.registration != .invite {
                request.say("accounts.registration is not \"invite\", so nobody needs it today")
            }
        case .success(nil): request.refuse("There are \(inviteLimit) codes, and more is not allowed")
        case .failure: request.refuseForNow()
        }
    }
}

@LoopActor
private func removeInviteCode(_ request: ServiceRequest) {
    guard let number = request[1].flatMap({ Int64($0) }) else { return request.sayUsage() }
    let accounts = request.world.services.accounts
    request.wait {
        try? await accounts.removeInviteCode(number)
    } effect: { isRemoved in
        if isRemoved != false { request.audit("invite.revoked", ["target": "\(number)"], outcome: .init(isDone: isRemoved == true)) }
    } then: { isRemoved in
        guard let isRemoved else { return request.refuseForNow() }
        guard isRemoved else { return request.refuse("There is no invite code \(number)") }
        request.say("Invite code \(number) is void")
    }
}

@LoopActor
private func listInviteCodes(_ request: ServiceRequest) {
    let (accounts, now) = (request.world.services.accounts, request.world.clock.wallMilliseconds)
    request.wait {
        try? await accounts.inviteCodes()
    } then: { found in
        guard let found else { return request.refuseForNow() }
        for code in found {
            let end = code.expiresAt.map { ", \($0 > now ? "expires" : "expired") \(ServerTime.format($0))" } ?? ""
            request.say(
                "  \(code.number)  used \(code.uses) of \(code.useLimit), by \(code.createdBy) \(ServerTime.format(code.createdAt))\(end)")
        }
        request.say("\(found.count) invite codes")
    }
}
