import ATProto
import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// Something that `SESSIONS` lists and ends: `3` is a connection, `w3` a login on the web.
private enum SessionNumber {
    case connection(Int)
    case webLogin(Int)

    init?(_ text: String) {
        if let number = Int(text), number > 0 {
            self = .connection(number)
        } else if text.lowercased().hasPrefix("w"), let number = Int(text.dropFirst()), number > 0 {
            self = .webLogin(number)
        } else {
            return nil
        }
    }
}

/// `SESSIONS [LOGOUT <number>|ALL]`, `SESSIONS NAME <number> [<name>]`, and for operators `SESSIONS <account>`.
@LoopActor
func listSessions(_ request: ServiceRequest) {
    let word = request[0]?.uppercased()
    if let word, word != "LOGOUT", word != "NAME" {
        guard request.may(.accreg) else { return request.sayUsage() }
        return request.withAccount(request[0] ?? "") { account in
            list(account.name, account.did.flatMap { DID($0) }, request)
        }
    }
    guard let account = request.account else {
        return request.refuse(request.client == nil ? "Whose? SESSIONS <account>" : "You must be logged in to an account to use SESSIONS")
    }
    switch word {
    case "LOGOUT":
        guard request.mayChangeCredentials() else { return }
        end(request[1] ?? "", of: account, request.did, request)
    case "NAME": name(request[1] ?? "", of: request.did, request)
    default: list(account, request.did, request)
    }
}

/// `SALOGOUT <account> <number>|ALL`.
@LoopActor
func logOutSomebody(_ request: ServiceRequest) {
    request.withAccountInReach(request[0] ?? "") { account in
        end(request[1] ?? "", of: account.name, account.did.flatMap { DID($0) }, request)
    }
}

@LoopActor
private func list(_ account: String, _ did: DID?, _ request: ServiceRequest) {
    let (world, own) = (request.world, request.session)
    request.webLogins(of: did) { logins in
        let connections = world.connections(of: account)
        for (index, session) in connections.enumerated() {
            let seconds = (world.clock.uptime - session.connectedAt).components.seconds
            let device = session.device.map { " (\($0))" } ?? ""
            let login = logins.first { $0.id == session.webLogin }.map { ", by w\($0.number)" } ?? ""
            let marker = session === own ? ", this one" : ""
            request.say(
                "  \(index + 1)  \(session.target)\(device) from \(world.shownAddress(of: session, to: request.asker.person)), \(session.peer.transport.rawValue), "
                    + "for \(seconds) seconds\(login)\(marker)")
        }
        for login in logins { request.say("  w\(login.number)  \(login.description)") }
        request.say(
            "\(connections.count) connections, \(logins.count) logins on the web. "
                + (request.account == account
                    ? "SESSIONS LOGOUT <number> ends one, SESSIONS LOGOUT ALL all others" : "SALOGOUT \(account) <number> ends one"))
    }
}

@LoopActor
private func end(_ typed: String, of account: String, _ did: DID?, _ request: ServiceRequest) {
    let (world, own) = (request.world, request.session)
    let reason = request.isAboutOthers ? "ended by an operator" : "ended from another connection"
    // Links to what was said may be in the hands of whoever is thrown out.
    world.exports.forget(account)
    if typed.uppercased() == "ALL" { return endAll(of: account, did, reason: reason, request) }
    switch SessionNumber(typed) {
    case .connection(let number):
        let connections = world.connections(of: account)
        guard connections.indices.contains(number - 1) else { return request.sayUsage() }
        world.doom(connections[number - 1], .killed("Connection \(reason)"))
        request.noteLogout(of: account, typed)
        request.say("Connection \(number) is ended\(connections[number - 1] === own ? "; it is this one" : "")")
    case .webLogin(let number):
        guard let did, let webLogins = world.services.webLogins else { return request.refuse("There is no login w\(number)") }
        request.wait {
            try? await webLogins.endWebLogin(number, of: did, reason: reason)
        } effect: { isEnded in
            if isEnded != false { request.noteLogout(of: account, typed, isDone: isEnded == true) }
        } then: { isEnded in
            guard let isEnded else { return request.refuseForNow() }
            guard isEnded else { return request.refuse("There is no login w\(number)") }
            request.say("Login w\(number) is ended, with the connections that rested on it")
        }
    case nil: request.sayUsage()
    }
}

extension ServiceRequest {
    /// Notes that somebody ended connections or logins of others.
    fileprivate func noteLogout(of account: String, _ typed: String, isDone: Bool = true) {
        guard isAboutOthers else { return }
        audit("account.logout", ["account": account, "sessions": typed], outcome: .init(isDone: isDone))
    }
}

/// Everything but the connection that asks and the login that it rests on.
@LoopActor
private func endAll(of account: String, _ did: DID?, reason: String, _ request: ServiceRequest) {
    let (world, own) = (request.world, request.session)
    let kept = request.isAboutOthers ? nil : own?.webLogin
    let webLogins = world.services.webLogins
    // Those that rest on a login go with it.
    let others = world.connections(of: account).filter { $0 !== own }
    request.wait {
        var count = 0
        guard let did, let webLogins else { return count as Int? }
        do {
            guard kept != nil else { return try await webLogins.endWebLogins(of: did, reason: reason) }
            for login in try await webLogins.webLogins(of: did) where login.id != kept && login.endedBecause == nil {
                if try await webLogins.endWebLogin(login.number, of: did, reason: reason) { count += 1 }
            }
            return count
        } catch {
            return nil
        }
    } effect: { count in
        request.noteLogout(of: account, "ALL", isDone: count != nil)
    } then: { count in
        guard let count else { return request.refuseForNow() }
        for session in others { world.doom(session, .killed("Connection \(reason)")) }
        request.say("\(others.count) connections and \(count) logins on the web are ended")
    }
}

@LoopActor
private func name(_ typed: String, of did: DID?, _ request: ServiceRequest) {
    let number: Int
    switch SessionNumber(typed) {
    case .webLogin(let found): number = found
    case .connection:
        return request.refuse("Only logins on the web (w1, w2…) get names; a device gets one by logging in as account@device")
    case nil: return request.sayUsage()
    }
    guard let did, let webLogins = request.world.services.webLogins else { return request.refuse("There is no login w\(number)") }
    let text = request.text(from: 2)
    let name = WebLogin.name(text)
    guard text.isEmpty || name != nil else {
        return request.refuse("A name has at most \(WebLogin.nameLimit) bytes and no control characters")
    }
    request.wait {
        try? await webLogins.nameWebLogin(number, of: did, as: name)
    } then: { isNamed in
        guard let isNamed else { return request.refuseForNow() }
        guard isNamed else { return request.refuse("There is no login w\(number)") }
        request.say("Login w\(number) is called \(name ?? "nothing") now")
    }
}

extension ServiceRequest {
    /// The logins of an identity on the web that are live; empty without one.
    fileprivate func webLogins(of did: DID?, _ body: @escaping @LoopActor ([WebLogin]) -> Void) {
        guard let did, let webLogins = world.services.webLogins else { return body([]) }
        wait {
            try? await webLogins.webLogins(of: did).filter { $0.endedBecause == nil }
        } then: { found in
            guard let found else { return refuseForNow() }
            body(found)
        }
    }
}

extension World {
    /// The connections of an account, in the order in which they came.
    fileprivate func connections(of account: String) -> [Session] {
        let key = CaseMapping.fold(account)
        return sessions.values.filter { $0.isRegistered && $0.client.identity.map { CaseMapping.fold($0.account) } == key }
            .sorted { ($0.connectedAt, $0.id) < ($1.connectedAt, $1.id) }
    }
}

extension WebLogin {
    /// For its owner.
    fileprivate var description: String {
        var text = name.map { "\"\($0)\", " } ?? ""
        if let agent = place.agent { text += "\(agent), " }
        if let address = place.address { text += "from \(address), " }
        return text + "since \(ServerTime.format(createdAt)), last used \(ServerTime.format(usedAt))"
    }
}
