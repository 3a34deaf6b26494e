import IRCProtocol
import MainLoop
import Store

/// `AUDIT`: what operators did, the newest last.
@LoopActor
func listAudit(_ request: ServiceRequest) {
    guard let query = AuditQuery(request.arguments) else { return request.sayUsage() }
    let (store, now) = (request.world.services.audit, request.world.clock.wallMilliseconds)
    let since = query.span?.seconds.map { now - $0 * 1000 } ?? 0
    // What was done just now is in it.
    let last = request.world.lastAudit
    request.wait {
        await last?.value
        return try? await store.newest(query.count, action: query.action, actor: query.actor, target: query.target, since: since)
    } then: { found in
        guard let found else { return request.refuseForNow() }
        for record in found.reversed() { request.say("  " + record.line) }
        request.say("\(found.count) entries")
    }
}

extension AuditRecord {
    /// As it is listed.
    fileprivate var line: String {
        let who = account.map { "\(actor) (\($0))" } ?? actor
        let on = target.isEmpty ? "" : " on \(target)"
        let how = outcome == .done ? "" : ", \(outcome.rawValue)"
        let more = details.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.truncated(toBytes: 100))" }.joined()
        return "\(ServerTime.format(time)) \(action)\(on) by \(who)\(how)\(reason.isEmpty ? "" : ": \(reason)")\(more)"
    }
}
