import IRCProtocol

/// All commands by verb.
struct CommandTable: Sendable {
    private let commands: [Verb: Command]
    /// The commands that name targets, in alphabetical order, and how many.
    let targets: [(verb: Verb, limit: TargetLimit)]

    init(_ families: [[Command]]) {
        commands = Dictionary(families.joined().map { ($0.verb, $0) }, uniquingKeysWith: { first, _ in first })
        targets = commands.values.compactMap { command in command.targets.map { (command.verb, $0) } }.sorted {
            $0.verb.text < $1.verb.text
        }
    }

    subscript(verb: Verb) -> Command? { commands[verb] }

    /// Every command, in alphabetical order.
    var all: [Command] { commands.values.sorted { $0.verb.text < $1.verb.text } }

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
