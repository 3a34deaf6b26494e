import IRCProtocol

/// All commands by verb.
struct CommandTable: Sendable {
    private let commands: [Verb: Command]

    init(_ families: [[Command]]) {
        commands = Dictionary(families.joined().map { ($0.verb, $0) }, uniquingKeysWith: { first, _ in first })
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
        serviceCommands,
    ])
}
