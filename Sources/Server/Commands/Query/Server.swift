import IRCProtocol
import MainLoop

/// `VERSION`.
@LoopActor
func version(_ context: CommandContext) {
    guard context.isAboutThisServer(0) else { return }
    let configuration = context.world.configuration
    context.reply(.version, Version.text, configuration.name, text: configuration.description)
    context.world.sendISupport(to: context.session)
}

/// `TIME`.
@LoopActor
func time(_ context: CommandContext) {
    guard context.isAboutThisServer(0) else { return }
    let now = context.world.clock.wallMilliseconds
    context.reply(.time, context.world.configuration.name, text: ServerTime.format(now))
}

/// `INFO`.
@LoopActor
func info(_ context: CommandContext) {
    guard context.isAboutThisServer(0) else { return }
    let world = context.world
    let lines = [
        "Roost \(Version.number): a chat server that one person installs on one machine and trusts.",
        "IRC, accounts with AT Protocol identities, and the login that lasts, in one process.",
        world.configuration.description,
        "On since \(ServerTime.format(world.startedAt))",
    ]
    for line in lines { context.reply(.info, text: line) }
    context.reply(.endOfInfo, text: "End of /INFO list")
}

/// `ADMIN`.
@LoopActor
func admin(_ context: CommandContext) {
    guard context.isAboutThisServer(0) else { return }
    let configuration = context.world.configuration
    let lines = configuration.admin.filter { !$0.isEmpty }
    guard !lines.isEmpty else {
        return context.reply(.noAdminInfo, configuration.name, text: "No administrative info available")
    }
    context.reply(.adminMe, configuration.name, text: "Administrative info")
    for (numeric, line) in zip([Numeric.adminLocation1, .adminLocation2, .adminEmail], lines) { context.reply(numeric, text: line) }
}

extension World {
    /// 375, 372 and 376; or 422.
    var motd: [(numeric: Numeric, text: String)] {
        guard !configuration.motd.isEmpty else { return [(.noMotd, "MOTD File is missing")] }
        return [(.motdStart, "- \(configuration.name) Message of the day -")] + configuration.motd.map { (.motd, "- " + $0) }
            + [(.endOfMotd, "End of /MOTD command")]
    }

    /// The answer to LUSERS.
    var lusers: [(numeric: Numeric, parameters: [String], text: String?)] {
        let people = clients.values
        let invisible = people.count { $0.modes.contains(.invisible) }
        let unknown = sessions.values.count { !$0.isRegistered }
        return [
            (.luserClient, [], "There are \(people.count - invisible) users and \(invisible) invisible on 1 servers"),
            (.luserOp, [String(people.count { $0.isOperator && !$0.modes.contains(.hideOperator) })], "IRC Operators online"),
            (.luserUnknown, [String(unknown)], "unregistered connections"),
            (.luserChannels, [String(channels.count)], "channels formed"),
            (.luserMe, [], "I have \(people.count) clients and 0 servers"),
            (.localUsers, [String(people.count), String(peakClients)], "Current local users \(people.count), max \(peakClients)"),
            (.globalUsers, [String(people.count), String(peakClients)], "Current global users \(people.count), max \(peakClients)"),
        ]
    }
}
