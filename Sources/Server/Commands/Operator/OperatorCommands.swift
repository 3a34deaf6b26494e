import IRCProtocol

/// Running the server from within.
let operatorCommands: [Command] = [
    Command("OPER", parameters: 2, cost: 5, help: "OPER <account> <password or one-time code>: becomes an operator", run: oper),
    Command("KILL", parameters: 1, operatorOnly: true, help: "KILL <nickname> [:<reason>]: disconnects somebody", run: kill),
]
