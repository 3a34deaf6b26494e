import ATProto
import Accounts
import IRCProtocol
import MainLoop

/// `WHOIS` (modern-irc "WHOIS message").
@LoopActor
func whois(_ context: CommandContext) {
    guard let first = context.message[0], !first.isEmpty else {
        return context.reply(.noNicknameGiven, text: "No nickname given")
    }
    let name = context.message[1] ?? first
    guard context.message[1] == nil || CaseMapping.fold(first) == CaseMapping.fold(name) || context.isAboutThisServer(0) else { return }
    let names = name.split(separator: ",").prefix(context.targetLimit).map(String.init)
    for wanted in names.isEmpty ? [name] : names {
        if let other = context.world.person(named: wanted) {
            context.describe(other)
        } else if let service = Service.named(wanted) {
            context.describe(service)
        } else {
            context.noSuchNick(wanted)
        }
        context.reply(.endOfWhois, wanted.asParameter, text: "End of /WHOIS list")
    }
}

extension CommandContext {
    /// A service is no person, but people ask who it is before they tell it a password.
    fileprivate func describe(_ service: Service) {
        let server = world.configuration.name
        reply(.whoisUser, service.nick, service.nick, server, "*", text: service.purpose)
        reply(.whoisServer, service.nick, server, text: world.configuration.description)
        reply(.whoisOperator, service.nick, text: "is a network service")
    }

    fileprivate func describe(_ other: Client) {
        let nick = other.target
        reply(.whoisUser, nick, other.user, other.host, "*", text: other.realname)
        describeChannels(of: other)
        reply(.whoisServer, nick, world.configuration.name, text: world.configuration.description)
        if Permissions.seeOperator(other, by: client) {
            reply(.whoisOperator, nick, text: Permissions.operatorClass(of: other)?.whoisLine ?? "is an IRC operator")
        }
        if let identity = other.identity {
            reply(.whoisAccount, nick, identity.account, text: "is logged in as")
            if let did = identity.did, did.text != identity.account { reply(.whoisSpecial, nick, text: "is \(did) on the AT Protocol") }
            if let handle = identity.handle { reply(.whoisSpecial, nick, text: "is @\(handle) on the AT Protocol") }
        }
        if other.modes.contains(.bot) { reply(.whoisBot, nick, text: "is a bot on \(world.configuration.network)") }
        if other.isSecure, !other.sessions.isEmpty { reply(.whoisSecure, nick, text: "is using a secure connection") }
        if Permissions.seeAddress(of: other, by: client) {
            let address = other.address
            reply(.whoisActually, nick, "\(other.user)@\(address)", address, text: "is actually using host")
            reply(.whoisModes, nick, text: "is using modes \(other.modes.text)")
            for fingerprint in other.certificateFingerprints {
                reply(.whoisCertificate, nick, text: "has client certificate fingerprint \(fingerprint)")
            }
        }
        if session.capabilities.takesMetadata, Permissions.readMetadata(of: other, by: client) {
            for key in other.metadata.keys { reply(.whoisKeyValue, nick, key, "*", text: other.metadata[key] ?? "") }
        }
        if Permissions.seeBlockLists(by: client) {
            for zone in Set(other.sessions.compactMap(\.listedIn?.zone)).sorted() {
                reply(.whoisSpecial, nick, text: "has an address that is listed in \(zone)")
            }
        }
        for gateway in Set(other.sessions.compactMap(\.gateway)).sorted() {
            reply(.whoisSpecial, nick, text: "is connecting through the gateway \(gateway)")
        }
        if let away = other.away { reply(.away, nick, text: away) }
        let idle = (world.clock.uptime - other.activeAt).components.seconds
        reply(.whoisIdle, nick, String(idle), String(other.signedOnAt / 1000), text: "seconds idle, signon time")
    }

    /// The channels the asker may know of, in lines that fit.
    private func describeChannels(of other: Client) {
        guard Permissions.seeChannels(of: other, by: client) else { return }
        let all = session.capabilities.contains(.multiPrefix)
        let names = other.channels.values.filter { Permissions.see(other, in: $0, by: client) }
            .map { ($0[other]?.ranks.prefixes(all: all) ?? "") + $0.name.text }.sorted()
        for line in names.joinedIntoLines() { reply(.whoisChannels, other.target, text: line) }
    }
}
