import Accounts
import IRCProtocol
import MainLoop
import Store

/// What the owner of an account decides, one row each.
struct AccountSetting: Sendable {
    let name: String
    let values: String
    let purpose: String
    let show: @Sendable (AccountSettings) -> String
    let set: @Sendable (Bool?, inout AccountSettings) -> Void

    static let all: [AccountSetting] = [
        AccountSetting(
            name: "ALWAYS-ON", values: "ON|OFF|DEFAULT", purpose: "whether you stay in your channels without a connection",
            show: { text($0.staysOn) }, set: { $1.staysOn = $0 }),
        AccountSetting(
            name: "AUTO-AWAY", values: "ON|OFF|DEFAULT", purpose: "whether you are away while you have no connection",
            show: { text($0.goesAway) }, set: { $1.goesAway = $0 }),
        AccountSetting(
            name: "MULTICLIENT", values: "ON|OFF|DEFAULT", purpose: "whether several of your connections may share your nickname",
            show: { text($0.sharesNick) }, set: { $1.sharesNick = $0 }),
    ]

    static var help: [String] {
        all.map { "\($0.name) \($0.values): \($0.purpose)" } + [
            "EMAIL <address>: where a code goes when you have forgotten your password; VERIFYEMAIL <code> proves that it is yours"
        ]
    }

    /// Why `name` is not one.
    static var unknown: String { "There is no such setting: \((all.map(\.name) + ["EMAIL"]).joined(separator: ", "))" }

    private static func text(_ value: Bool?) -> String { value.map { $0 ? "ON" : "OFF" } ?? "DEFAULT" }
}

@LoopActor
func setAccount(_ request: ServiceRequest) {
    if request[0]?.uppercased() == "EMAIL" { return setEmail(request) }
    guard let account = request.ownAccount else { return }
    guard let setting = AccountSetting.all.first(where: { $0.name == request[0]?.uppercased() }) else {
        return request.refuse(AccountSetting.unknown)
    }
    let value: Bool?
    switch request[1]?.uppercased() {
    case "ON", "TRUE", "YES": value = true
    case "OFF", "FALSE", "NO": value = false
    case "DEFAULT": value = nil
    default: return request.refuse("Expected \(setting.values)")
    }
    let (world, accounts) = (request.world, request.world.services.accounts)
    request.wait {
        try? await accounts.changeSettings(name: account) { setting.set(value, &$0) }
    } effect: { settings in
        if let settings { world.apply(settings, to: account) }
    } then: { settings in
        guard let settings else { return request.refuseForNow() }
        request.say("\(setting.name) is \(setting.show(settings)) now")
        if setting.name == "ALWAYS-ON", world.configuration.presence.policy == .off {
            request.say("Nobody stays without a connection on this server, so this changes nothing today")
        }
    }
}

@LoopActor
func getAccount(_ request: ServiceRequest) {
    guard request.ownAccount != nil, let settings = request.settings else { return }
    let wanted = request[0]?.uppercased()
    let shown = AccountSetting.all.filter { wanted == nil || $0.name == wanted }
    guard !shown.isEmpty || wanted == "EMAIL" else { return request.refuse(AccountSetting.unknown) }
    for setting in shown { request.say("\(setting.name): \(setting.show(settings))") }
    if wanted == nil || wanted == "EMAIL" { request.say("EMAIL: \(settings.shownEmail)") }
}

extension AccountSettings {
    /// The address, for those who may see it.
    fileprivate var shownEmail: String {
        guard let email else { return "none" }
        return provedEmail ?? "\(email) (not proved, so no code for another password goes there; SET EMAIL \(email) proves it)"
    }
}

/// `INFO [<account>]`.
@LoopActor
func accountInfo(_ request: ServiceRequest) {
    let world = request.world
    request.withAccount(request[0] ?? request.account ?? request.client?.target ?? "") { account in
        let key = CaseMapping.fold(account.name)
        request.say("Account \(account.name)")
        request.say("  Registered: \(ServerTime.format(account.createdAt))")
        if let did = account.did {
            let handle = world.accounts[account.name].lazy.compactMap(\.identity?.handle).first
            request.say("  Identity: \(did)\(handle.map { " (@\($0))" } ?? "")")
        }
        if account.isSuspended { request.say("  Suspended: \(account.settings.suspensionReason ?? "no reason given")") }
        let nicks = world.reservedNicks.filter { $0.value == key }.map(\.key).sorted()
        if !nicks.isEmpty { request.say("  Nicknames: \(nicks.joined(separator: " "))") }
        guard request.may(.accreg) || request.account.map(CaseMapping.fold) == key else { return }
        if let seen = account.lastLoginAt { request.say("  Last login: \(ServerTime.format(seen))") }
        if account.settings.email != nil { request.say("  Email: \(account.settings.shownEmail)") }
        let channels = world.channels.values.filter { $0.registration.map { CaseMapping.fold($0.founder) } == key }.map(\.name.text)
        if !channels.isEmpty { request.say("  Founder of: \(channels.sorted().joined(separator: " "))") }
        if Permissions.operate(as: Identity(account), world.configuration) { request.say("  Operator of the server") }
    }
}

@LoopActor
func listAccounts(_ request: ServiceRequest) {
    let (accounts, mask) = (request.world.services.accounts, request[0] ?? "*")
    request.wait {
        try? await accounts.list(matching: mask, limit: 500)
    } then: { found in
        guard let found else { return request.refuseForNow() }
        for account in found { request.say("  \(account.name)\(account.isSuspended ? "  suspended" : "")") }
        request.say("\(found.count) accounts\(found.count == 500 ? ", and perhaps more: use a mask" : "")")
    }
}
