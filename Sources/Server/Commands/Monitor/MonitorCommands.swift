import IRCProtocol

/// Being told who comes and goes.
let monitorCommands: [Command] = [
    Command(
        "MONITOR", parameters: 1, cost: 2, targets: .ofWatched,
        help: "MONITOR <+|-> <nickname>[,<nickname>…], MONITOR <C|L|S>: watches who comes and goes", run: monitor)
]
