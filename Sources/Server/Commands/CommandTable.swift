import IRCProtocol

/// All commands by verb.
struct CommandTable: Sendable {
    private let commands: [Verb: Command]
    /// Every command, in alphabetical order.
    let all: [Command]
    /// The commands that name targets, in alphabetical order, and how many.
    let targets: [(verb: Verb, limit: TargetLimit)]

    init(_ families: [[Command]]) {
        let named = Dictionary(families.joined().map { ($0.verb, $0) }, uniquingKeysWith: { first, _ in first })
        all = Array(named.values).numbered
        commands = Dictionary(uniqueKeysWithValues: all.map { ($0.verb, $0) })
        targets = all.compactMap { command in command.targets.map { (command.verb, $0) } }
    }

    subscript(verb: Verb) -> Command? { commands[verb] }

    /// The families, one folder each.
    static let standard = CommandTable([
        registrationCommands,
        accountCommands,
        channelCommands,
        messageCommands,
        metadataCommands,
        monitorCommands,
        queryCommands,
        historyCommands,
        operatorCommands,
        operServCommands,
        serviceCommands,
    ])
}
