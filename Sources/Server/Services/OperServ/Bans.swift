import Accounts
import IRCProtocol
import MainLoop
import Store

/// Lines that one answer shows.
private let shownBans = 200
/// People whom one answer names.
private let shownPeople = 50

/// `BAN ADD`, `DEL`, `LIST`, `TEST` and `EXEMPT`.
@LoopActor
func changeServerBans(_ request: ServiceRequest) {
    switch request.action() {
    case "ADD": addBan(request, exempts: false)
    case "EXEMPT": addBan(request, exempts: true)
    case "DEL": removeBan(request)
    case "LIST": listBans(request)
    case "TEST": testBan(request)
    default: request.sayUsage()
    }
}

@LoopActor
private func addBan(_ request: ServiceRequest, exempts: Bool) {
    guard var wanted = request.banRequest() else { return }
    let world = request.world
    let limits = world.configuration.limits
    if exempts { wanted.action = .exempt } else { guard request.isMeant(wanted) else { return } }
    let replaced = world.serverBans.find(wanted.target, isExemption: exempts)
    guard replaced != nil || !wanted.target.isPattern || world.serverBans.patternCount < limits.serverBanPatterns else {
        return request.refuse("There are \(limits.serverBanPatterns) bans with patterns, and more is not possible")
    }
    let now = world.clock.wallMilliseconds
    let record = ServerBanRecord(
        mask: wanted.target.text, action: wanted.action.rawValue, reason: wanted.reason, operatorReason: wanted.operatorReason,
        setBy: request.account ?? request.asker.name, setAt: now, expiresAt: wanted.lasts.seconds.map { now + $0 * 1000 })
    let (store, old) = (world.services.serverBans, replaced?.record.id)
    var caught = 0
    request.wait {
        await Result { try await store.add(record, replacing: old, limit: limits.serverBans) }
    } effect: { (stored: Result<ServerBanRecord?, any Error>) in
        guard case .success(let record?) = stored, let ban = ServerBan(record) else { return }
        caught = world.enforce(ban)
        request.audit(
            exempts ? "ban.exempted" : "ban.added", record.auditDetails(people: caught),
            notice: "\(request.asker.name) adds \(ban.description(at: now))")
    } then: { stored in
        switch stored {
        case .success(let record?):
            let people = exempts ? "" : "; \(caught) \(caught == 1 ? "person is" : "people are") disconnected"
            request.say("\(exempts ? "Exemption" : "Ban") \(record.id) on \(record.mask) for \(wanted.lasts.text)\(people)")
        case .success(nil): request.refuse("There are \(limits.serverBans) bans and exemptions, and more is not possible")
        case .failure: request.refuseForNow()
        }
    }
}

@LoopActor
private func removeBan(_ request: ServiceRequest) {
    let (world, typed) = (request.world, request[1] ?? "")
    let bans = world.serverBans
    let named = Int64(typed).flatMap { bans[$0] }
    let masked = ServerBan.Target(typed).flatMap { bans.find($0, isExemption: false) ?? bans.find($0, isExemption: true) }
    guard let ban = named ?? masked else { return request.refuse("There is no ban \(typed.asParameter)") }
    let store = world.services.serverBans
    request.wait {
        try? await store.remove(ban.record.id)
    } effect: { isRemoved in
        guard isRemoved != nil else { return }
        world.serverBans.remove(ban.record.id)
        request.audit(
            "ban.removed", ["mask": ban.record.mask, "number": "\(ban.record.id)"],
            notice: "\(request.asker.name) removes the ban on \(ban.record.mask)")
    } then: { isRemoved in
        guard isRemoved != nil else { return request.refuseForNow() }
        request.say("\(ban.action == .exempt ? "Exemption" : "Ban") \(ban.record.id) on \(ban.record.mask) is gone")
    }
}

@LoopActor
private func listBans(_ request: ServiceRequest) {
    let world = request.world
    world.expireBans()
    let mask = Mask(glob: request[1] ?? "*")
    let found = world.serverBans.all.filter { mask.matches($0.record.mask) }
    for ban in found.prefix(shownBans) { request.say("  " + ban.description(at: world.clock.wallMilliseconds)) }
    request.say("\(found.count) bans and exemptions\(found.count > shownBans ? ", of which \(shownBans) are shown" : "")")
}

@LoopActor
private func testBan(_ request: ServiceRequest) {
    guard let wanted = request.banRequest() else { return }
    let world = request.world
    let caught = world.people(caughtBy: wanted.target, wanted.action)
    for client in caught.prefix(shownPeople) {
        let account = client.identity.map { ", account \($0.account)" } ?? ""
        request.say("  \(client.source), \(client.address)\(account)")
    }
    let others = world.clients.values.count { wanted.target.catches(BanSubject($0)) } - caught.count
    let spared = others > 0 ? "; \(others) more fit, and stay: operators, those who are exempt or logged in" : ""
    request.say("\(wanted.target.text) would disconnect \(caught.count) of \(world.clients.count) people\(spared)")
}

extension ServiceRequest {
    /// What was typed behind the subcommand; answers and gives nil when it makes no sense.
    fileprivate func banRequest() -> BanRequest? {
        do throws(BanRequest.Refusal) {
            return try BanRequest(Array(arguments.dropFirst())) { world.person(named: $0)?.address }
        } catch .nothing {
            sayUsage()
        } catch {
            refuse(error.text)
        }
        return nil
    }

    /// Whether a ban looks like what somebody wants; says why not.
    fileprivate func isMeant(_ wanted: BanRequest) -> Bool {
        guard !wanted.isForced else { return true }
        let caught = world.people(caughtBy: wanted.target, wanted.action).count
        let slip: String
        let isOpen = wanted.action == .requireLogin && asker.person?.identity != nil
        if let person = asker.person, !isOpen, wanted.target.catches(BanSubject(person)) {
            slip = "catches yourself"
        } else if wanted.target.isBroad {
            slip = "catches almost anything"
        } else if Permissions.isLargeShare(caught, of: world.clients.count) {
            slip = "would disconnect \(caught) of \(world.clients.count) people"
        } else {
            return true
        }
        refuse("\(wanted.target.text) \(slip). \(asker.call(service)) BAN ADD FORCE … does it all the same")
        return false
    }
}

extension ServerBanRecord {
    /// What is noted of a new ban.
    fileprivate func auditDetails(people: Int) -> [String: String] {
        var details = ["mask": mask, "reason": reason, "number": "\(id)", "action": action, "disconnected": "\(people)"]
        if let expiresAt { details["until"] = ServerTime.format(expiresAt) }
        if !operatorReason.isEmpty { details["operator_reason"] = operatorReason }
        return details
    }
}

extension ServerBan {
    /// One line of the list.
    ///
    /// - Parameter now: milliseconds since 1970.
    func description(at now: Int64) -> String {
        let what = action == .reject ? "" : " (\(action.rawValue))"
        let end = record.expiresAt.map { ", \(LastingTime(seconds: max(1, ($0 - now) / 1000)).text) left" } ?? ""
        let own = record.operatorReason.isEmpty ? "" : " | \(record.operatorReason)"
        return "\(record.id)  \(record.mask)\(what)  by \(record.setBy) \(ServerTime.format(record.setAt))\(end): \(record.reason)\(own)"
    }
}
