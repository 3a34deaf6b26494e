import IRCProtocol
import MainLoop

/// What people and channels tell of themselves.
let metadataCommands: [Command] = [
    Command(
        "METADATA", parameters: 2, phase: .any, cost: 2,
        help: "METADATA <target or *> <GET|LIST|SET|CLEAR|SYNC|SUB|UNSUB|SUBS> …: shows or changes what somebody tells of itself",
        run: metadata)
]

/// `METADATA` (draft/metadata-2 and draft/metadata-3).
@LoopActor
func metadata(_ context: CommandContext) {
    let (session, message) = (context.session, context.message)
    let subcommand = (message[1] ?? "").uppercased()
    guard session.isRegistered || session.capabilities.takesMetadata else { return context.notRegistered() }
    switch subcommand {
    case "SUB": return context.subscribe()
    case "UNSUB": return context.unsubscribe()
    case "SUBS": return context.listSubscriptions()
    default: break
    }
    guard let target = context.metadataTarget(message[0] ?? "*") else {
        return context.fail(.invalidTarget, (message[0] ?? "*").asParameter, text: "There is no such target, or it is not for you to see")
    }
    switch subcommand {
    case "GET": context.get(target)
    case "LIST": context.list(target)
    case "SYNC": context.sync(target)
    case "SET": context.set(target)
    case "CLEAR": context.clear(target)
    default: context.fail(.subcommandInvalid, (message[1] ?? "*").asParameter, text: "There is no such subcommand")
    }
}

extension CommandContext {
    /// Nil when there is none of this name, or the client may not read what it tells.
    fileprivate func metadataTarget(_ name: String) -> MetadataTarget? {
        if name == "*" { return .person(client) }
        guard session.isRegistered else { return nil }
        if ChannelName.looksLikeChannel(name) {
            guard let channel = world.channels[CaseMapping.fold(name)], Permissions.readMetadata(of: channel, by: client) else {
                return nil
            }
            return .channel(channel)
        }
        guard let person = world.person(named: name), Permissions.readMetadata(of: person, by: client) else { return nil }
        return .person(person)
    }
}

extension CapabilitySet {
    /// Whether it was negotiated, in one of its two forms.
    var takesMetadata: Bool { contains(.metadata2) || contains(.metadata3) }
}
