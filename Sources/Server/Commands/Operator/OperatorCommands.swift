import IRCProtocol

/// Running the server from within.
let operatorCommands: [Command] = [
    Command("OPER", parameters: 2, cost: 5, help: "OPER <account> <password or one-time code>: becomes an operator", run: oper),
    Command("KILL", parameters: 1, privilege: .kill, help: "KILL <nickname> [:<reason>]: disconnects somebody", run: kill),
    Command("WALLOPS", parameters: 1, privilege: .massmessage, help: "WALLOPS :<text>: tells everybody with user mode w", run: wallops),
    Command(
        "STATS", cost: 2,
        help: "STATS <d|k|l|m|o|u|y>: tells about bans, connections and their classes, commands, operators, or how long the server is up",
        run: stats),
    Command("REHASH", privilege: .rehash, help: "REHASH: reads configuration and certificates again", run: rehash),
    Command("DIE", privilege: .die, help: "DIE <server name>: stops the server") { stop($0, restarting: false) },
    Command("RESTART", privilege: .die, help: "RESTART <server name>: stops the server and starts it again") {
        stop($0, restarting: true)
    },
    Command(
        "SAJOIN", parameters: 2, privilege: .sajoin, targets: .unlimited,
        help: "SAJOIN <nickname> <channel>[,<channel>…]: puts somebody into channels",
        run: forceJoin),
    Command(
        "SAPART", parameters: 2, privilege: .sajoin, targets: .unlimited,
        help: "SAPART <nickname> <channel>[,<channel>…] [:<reason>]: takes somebody out of channels", run: forcePart),
    Command(
        "SANICK", parameters: 2, privilege: .sanick, help: "SANICK <nickname> <new nickname>: gives somebody another nickname",
        run: forceNick),
    Command(
        "SAMODE", parameters: 2, privilege: .samode,
        help: "SAMODE <channel> <modes> [<parameters>…]: changes modes of a channel as if you ran it", run: forceMode),
]
