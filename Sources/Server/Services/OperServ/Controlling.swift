import IRCProtocol
import Logging
import MainLoop
import Store

/// `DRAIN [OFF]`.
@LoopActor
func drain(_ request: ServiceRequest) {
    let world = request.world
    switch request[0]?.uppercased() {
    case nil where !world.isDraining, "ON" where !world.isDraining:
        world.isDraining = true
    case "OFF" where world.isDraining:
        world.isDraining = false
    case nil, "ON", "OFF":
        return request.refuse("New connections are \(world.isDraining ? "refused" : "taken") already")
    default:
        return request.sayUsage()
    }
    request.audit(
        "server.drain", ["target": world.isDraining ? "on" : "off"],
        notice: "\(request.asker.name) \(world.isDraining ? "drains the server: new connections are refused" : "ends DRAIN")")
    request.say(
        world.isDraining
            ? "New connections are refused; \(world.sessions.count) are left. DRAIN OFF takes that back" : "New connections are taken")
}

/// `SHUTDOWN [<code>]` and `RESTART [<code>]`.
@LoopActor
func stopServer(_ request: ServiceRequest, restarting: Bool) {
    let world = request.world
    guard let control = world.control else { return request.refuse("Nothing here can stop the server") }
    let who = request.asker.person?.target ?? request.asker.name
    // The start is in it, so that no old code ends a later server.
    request.confirm(
        "\(world.startedAt)", at: 0,
        warning: "This disconnects \(world.sessions.count) connections\(restarting ? " and starts the server again" : "")"
    ) {
        request.audit(restarting ? "operator.restart" : "operator.die", [:])
        request.say(restarting ? "The server starts again" : "The server stops")
        control.stop(reason: "\(restarting ? "Restarted" : "Stopped") by \(who)", restarting: restarting)
    }
}

/// `REHASH`.
@LoopActor
func rehashServer(_ request: ServiceRequest) {
    guard let control = request.world.control else { return request.refuse("There is no configuration to read again") }
    request.wait {
        await control.rehash()
    } effect: { answer in
        request.audit("operator.rehash", [:], outcome: answer.isRefusal ? .failed : .done)
    } then: { answer in
        if answer.isRefusal { request.asker.refused() }
        for line in answer.lines { request.say(line) }
    }
}

/// `LOGLEVEL [<level>]`.
@LoopActor
func changeLogLevel(_ request: ServiceRequest) {
    guard let control = request.world.control else { return request.refuse("There is no log whose level could change") }
    if let name = request[0] {
        guard let level = Logger.Level(rawValue: name.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            return request.refuse("There is no log level of this name; write one of \(levels)")
        }
        control.leastLogged = level
        request.audit("log.level", ["level": level.rawValue])
    }
    request.say("The log level is \(control.leastLogged.rawValue)")
}

/// `CERTIFICATES [RETRY]`.
@LoopActor
func tellOfCertificates(_ request: ServiceRequest) {
    guard let control = request.world.control else { return request.refuse("There are no certificates here") }
    switch request[0]?.uppercased() {
    case nil: for line in control.certificateLines { request.say(line) }
    case "RETRY":
        guard control.retryCertificates() else { return request.refuse("No certificate is ordered: acme.domains is empty") }
        request.audit("acme.retry", [:])
        request.say("Tried again now; the log says what comes of it")
    default: request.sayUsage()
    }
}
