import IRCProtocol
import MainLoop

/// One row of the command table: all that is known of a command before it runs.
struct Command: Sendable {
    /// When a command may be used.
    enum Phase: Sendable {
        case registering, registered, any
    }

    let verb: Verb
    /// How many parameters it needs at least; fewer: 461.
    let minimumParameters: Int
    let phase: Phase
    /// Only for operators; others: 481.
    let needsOperator: Bool
    /// What it takes from the flood bucket.
    let cost: Int
    /// How it is used, in one line, for HELP and the documentation.
    let help: String
    let run: @LoopActor @Sendable (CommandContext) -> Void

    init(
        _ verb: Verb, parameters minimumParameters: Int = 0, phase: Phase = .registered, operatorOnly needsOperator: Bool = false,
        cost: Int = 1,
        help: String, run: @escaping @LoopActor @Sendable (CommandContext) -> Void
    ) {
        self.verb = verb
        self.minimumParameters = minimumParameters
        self.phase = phase
        self.needsOperator = needsOperator
        self.cost = cost
        self.help = help
        self.run = run
    }
}
