import IRCProtocol
import MainLoop

/// One row of the command table: all that is known of a command before it runs.
struct Command: Sendable {
    /// When a command may be used.
    enum Phase: Sendable {
        case registering, registered, any
    }

    let verb: Verb
    /// Its place in the alphabetical order of the table, for what is counted by command.
    fileprivate(set) var number = 0
    /// How many parameters it needs at least; fewer: 461.
    let minimumParameters: Int
    let phase: Phase
    /// What an operator needs to use it (723), and others do not have (481); nil: it is for everybody.
    let privilege: OperatorPrivilege?
    /// What it takes from the flood bucket.
    let cost: Int
    /// How many targets one line may name; nil: it has no list of them.
    let targets: TargetLimit?
    /// How it is used, in one line, for HELP and the documentation.
    let help: String
    let run: @LoopActor @Sendable (CommandContext) -> Void

    init(
        _ verb: Verb, parameters minimumParameters: Int = 0, phase: Phase = .registered, privilege: OperatorPrivilege? = nil,
        cost: Int = 1, targets: TargetLimit? = nil, help: String, run: @escaping @LoopActor @Sendable (CommandContext) -> Void
    ) {
        self.verb = verb
        self.minimumParameters = minimumParameters
        self.phase = phase
        self.privilege = privilege
        self.cost = cost
        self.targets = targets
        self.help = help
        self.run = run
    }
}

extension [Command] {
    /// In alphabetical order, with their numbers.
    var numbered: [Command] {
        sorted { $0.verb.text < $1.verb.text }.enumerated().map { number, command in
            var command = command
            command.number = number
            return command
        }
    }
}

/// How many targets one line of a command may name (`TARGMAX`).
enum TargetLimit: Sendable {
    /// As many as there is room for.
    case unlimited
    case atMost(Int)
    /// What the operator allows for messages.
    case ofMessages
    /// As many as one connection may watch.
    case ofWatched

    /// Nil: there is none.
    func `in`(_ limits: ServerConfiguration.Limits) -> Int? {
        switch self {
        case .unlimited: nil
        case .atMost(let count): count
        case .ofMessages: limits.targets
        case .ofWatched: limits.monitor
        }
    }
}

extension CommandContext {
    /// How many targets this command may name.
    var targetLimit: Int { world.commands[message.verb]?.targets?.in(world.configuration.limits) ?? .max }
}
