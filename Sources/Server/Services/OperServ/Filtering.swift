import IRCProtocol
import MainLoop
import Store

/// `FILTER ADD`, `DEL`, `LIST` and `TEST`.
@LoopActor
func changeFilters(_ request: ServiceRequest) {
    switch request[0]?.uppercased() {
    case "ADD": addFilter(request)
    case "DEL", "REMOVE": removeFilter(request)
    case "LIST": listFilters(request)
    case "TEST": testFilters(request)
    default: request.sayUsage()
    }
}

@LoopActor
private func addFilter(_ request: ServiceRequest) {
    let wanted: FilterRequest
    do throws(FilterRequest.Refusal) {
        wanted = try FilterRequest(Array(request.arguments.dropFirst()))
    } catch .nothing {
        return request.sayUsage()
    } catch {
        return request.refuse(error.text)
    }
    let (world, limit) = (request.world, request.world.configuration.limits.filters)
    guard let store = world.services.filters else { return request.refuseForNow() }
    let now = world.clock.wallMilliseconds
    let record = FilterRecord(
        pattern: wanted.pattern.text, action: wanted.action.rawValue, banSeconds: wanted.ban.seconds,
        places: ContentFilter.Place.allCases.filter(wanted.places.contains).map(\.rawValue).joined(separator: ","),
        sparesAccounts: wanted.sparesAccounts, sparedChannels: wanted.sparedChannels.joined(separator: ","), reason: wanted.reason,
        setBy: request.account ?? request.asker.name, setAt: now, expiresAt: wanted.lasts.seconds.map { now + $0 * 1000 })
    let old = world.filters.find(wanted.pattern.text)?.record.id
    request.wait {
        await Result { try await store.add(record, replacing: old, limit: limit) }
    } effect: { (stored: Result<FilterRecord?, any Error>) in
        guard case .success(let record?) = stored, let filter = ContentFilter(record) else { return }
        world.filters.insert(filter)
        request.audit(
            "filter.added", ["mask": record.pattern, "reason": record.reason, "number": "\(record.id)", "action": record.action],
            notice: "\(request.asker.name) adds filter \(filter.description(at: now))")
    } then: { stored in
        switch stored {
        case .success(let record?): request.say("Filter \(record.id) on \(record.pattern) for \(wanted.lasts.text)")
        case .success(nil): request.refuse("There are \(limit) filters, and more is not possible")
        case .failure: request.refuseForNow()
        }
    }
}

@LoopActor
private func removeFilter(_ request: ServiceRequest) {
    let (world, typed) = (request.world, request.text(from: 1))
    guard let store = world.services.filters,
        let filter = Int64(typed).flatMap({ world.filters[$0] }) ?? world.filters.find(typed)
    else { return request.refuse("There is no filter \(typed.asParameter)") }
    let id = filter.record.id
    request.wait {
        try? await store.remove(id)
    } effect: { isRemoved in
        guard isRemoved != nil else { return }
        world.filters.remove(id)
        request.audit(
            "filter.removed", ["mask": filter.pattern.text, "number": "\(id)"],
            notice: "\(request.asker.name) removes filter \(id) on \(filter.pattern.text)")
    } then: { isRemoved in
        guard isRemoved != nil else { return request.refuseForNow() }
        request.say("Filter \(id) on \(filter.pattern.text) is gone")
    }
}

@LoopActor
private func listFilters(_ request: ServiceRequest) {
    let world = request.world
    world.expireFilters()
    for filter in world.filters.all { request.say("  " + filter.description(at: world.clock.wallMilliseconds)) }
    request.say("\(world.filters.all.count) filters")
}

@LoopActor
private func testFilters(_ request: ServiceRequest) {
    let text = request.text(from: 1)
    guard !text.isEmpty else { return request.sayUsage() }
    let subject = FilteredText(text)
    let caught = request.world.filters.all.filter { $0.pattern.matches(subject) }
    for filter in caught { request.say("  " + filter.description(at: request.world.clock.wallMilliseconds)) }
    let decides = caught.max { $0.action < $1.action }.map { "; what happens: \($0.action.rawValue)" } ?? ""
    request.say("\(caught.count) filters catch that\(decides)")
}

extension ContentFilter {
    /// One line of the list.
    ///
    /// - Parameter now: milliseconds since 1970.
    func description(at now: Int64) -> String {
        let length = action == .ban ? " (\(LastingTime(seconds: record.banSeconds).text))" : ""
        var notes = places.count < Place.allCases.count ? ["in \(record.places)"] : []
        if record.sparesAccounts { notes.append("not accounts") }
        if !record.sparedChannels.isEmpty { notes.append("not \(record.sparedChannels)") }
        let rest = notes.isEmpty ? "" : " [\(notes.joined(separator: "; "))]"
        let end = record.expiresAt.map { ", \(LastingTime(seconds: max(1, ($0 - now) / 1000)).text) left" } ?? ""
        return "\(record.id)  \(action.rawValue)\(length)  \(pattern.text)\(rest)  \(hits) hits  by \(record.setBy) "
            + "\(ServerTime.format(record.setAt))\(end): \(record.reason)"
    }
}
