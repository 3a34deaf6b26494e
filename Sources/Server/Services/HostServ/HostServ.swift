import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// The hosts that others see.
let hostServ = Service(
    nick: "HostServ", shortVerb: "HS", purpose: "the hosts that others see in place of yours",
    commands: [
        ServiceCommand(name: "ON", need: .account, summary: "Shows your vhost.") { show($0, true) },
        ServiceCommand(name: "OFF", need: .account, summary: "Shows your ordinary host again.") { show($0, false) },
        ServiceCommand(
            name: "STATUS", parameters: "[<account>]", need: .account, summary: "Tells the vhost of your account; to operators, of any."
        ) { request in
            guard request[0] == nil || request.may(.vhosts) else { return request.refuse("Only operators may ask for others") }
            guard let name = request[0] ?? request.ownAccount else { return }
            request.withAccount(name) { account in
                guard let host = account.settings.vhost else { return request.refuse("\(account.name) has no vhost") }
                request.say("The vhost of \(account.name) is \(host)\(account.settings.vhostIsOff == true ? ", and is off" : "")")
            }
        },
        ServiceCommand(
            name: "SET", parameters: "<account> <host>", minimum: 2, need: .serverOperator(.vhosts), summary: "Gives an account a vhost."
        ) { request in
            guard let host = request[1], isHost(host) else {
                return request.refuse(
                    "A host has up to 63 letters, digits, dots, colons, slashes and hyphens, and no other character first")
            }
            request.withAccount(request[0] ?? "") { account in
                change(request, account.name, ("host.set", ["account": account.name, "host": host])) {
                    ($0.vhost, $0.vhostIsOff) = (host, nil)
                }
            }
        },
        ServiceCommand(
            name: "DEL", parameters: "<account>", minimum: 1, need: .serverOperator(.vhosts), summary: "Takes the vhost of an account away."
        ) { request in
            request.withAccount(request[0] ?? "") { account in
                change(request, account.name, ("host.delete", ["account": account.name])) { $0.vhost = nil }
            }
        },
        actFor,
    ])

/// What can stand as a host in `nick!user@host` and ends no parameter.
private func isHost(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 63 else { return false }
    let isWord = { (byte: UInt8) in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    return isWord(first) && text.utf8.allSatisfy { isWord($0) || ".:/-".utf8.contains($0) }
}

@LoopActor
private func show(_ request: ServiceRequest, _ isOn: Bool) {
    guard let account = request.ownAccount else { return }
    guard request.settings?.vhost != nil else {
        return request.refuse("\(request.isAboutOthers ? "\(account) has" : "You have") no vhost; operators give them")
    }
    change(request, account) { $0.vhostIsOff = isOn ? nil : true }
}

@LoopActor
private func change(
    _ request: ServiceRequest, _ account: String, _ audit: (action: String, details: [String: String])? = nil,
    _ body: @escaping @Sendable (inout AccountSettings) -> Void
) {
    let (world, accounts) = (request.world, request.world.services.accounts)
    request.wait {
        try? await accounts.changeSettings(name: account, body)
    } effect: { settings in
        if let settings { world.apply(settings, to: account) }
        if let audit { request.audit(audit.action, audit.details, outcome: .init(isDone: settings != nil)) }
    } then: { settings in
        guard settings != nil else { return request.refuseForNow() }
        request.say("Done")
    }
}
