import ATProto
import Accounts
import IRCProtocol
import MainLoop
import Store

/// `RECHECK [<account>]`.
@LoopActor
func recheck(_ request: ServiceRequest) {
    let world = request.world
    let isOwn = request[0] == nil || request[0].map(CaseMapping.fold) == request.account.map(CaseMapping.fold)
    guard isOwn || request.may(.accreg) else { return request.refuse("Only operators of the server may name another account") }
    guard let name = request[0] ?? request.ownAccount else { return }
    request.withAccount(name) { account in
        guard let did = account.did.flatMap({ DID($0) }), world.services.review != nil else {
            return request.refuse("\(account.name) has no identity that could be looked up")
        }
        guard request.may(.accreg) || world.allowances.spend("recheck \(account.name)", limit: 10, at: world.clock.uptime) else {
            return request.refuse("Not more than 10 times an hour")
        }
        request.wait {
            await world.reviewed(did)
        } then: { verdict in
            switch verdict {
            case .stands(let handle?): request.say("\(account.name) is @\(handle)")
            case .stands(nil): request.say("\(account.name) has no handle that can be verified")
            case .unknown: request.refuse("This cannot be looked up just now, try again in a moment")
            case .gone(let reason): request.say("\(account.name) is gone: \(reason)")
            }
        }
    }
}
