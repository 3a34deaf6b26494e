import IRCProtocol

/// The commands with which a connection becomes a client, and those that keep and end it.
let registrationCommands: [Command] = [
    Command("CAP", parameters: 1, phase: .any, help: "CAP <LS|LIST|REQ|END> [:<capabilities>]: negotiates extensions", run: cap),
    Command("NICK", phase: .any, cost: 2, help: "NICK <nickname>: takes or changes the nickname", run: nick),
    Command("USER", parameters: 4, phase: .registering, help: "USER <user> 0 * :<real name>: names the person", run: user),
    Command("PASS", parameters: 1, phase: .registering, help: "PASS <password>: the password of the server, where it has one", run: pass),
    Command(
        "WEBIRC", parameters: 4, phase: .registering, cost: 5,
        help: "WEBIRC <password> <gateway> <host> <address> [:<options>]: for gateways: tells who the client is", run: webIRC),
    Command("PING", phase: .any, help: "PING <token>: asks whether the server lives", run: ping),
    Command("PONG", phase: .any, cost: 0, help: "PONG <token>: answers a PING") { _ in },
    Command("QUIT", phase: .any, cost: 0, help: "QUIT [:<reason>]: ends the session", run: quit),
    Command("ERROR", phase: .any, help: "ERROR: for servers; ignored") { _ in },
    Command("SETNAME", parameters: 1, cost: 2, help: "SETNAME :<real name>: changes the real name", run: setName),
]
