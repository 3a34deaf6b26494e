import IRCProtocol

/// Asking about people and about the server.
let queryCommands: [Command] = [
    Command("WHO", cost: 2, help: "WHO <channel, nickname or mask> [<o|%fields>]: lists people", run: who),
    Command("WHOIS", cost: 2, targets: .atMost(1), help: "WHOIS [<server>] <nickname>: tells about somebody", run: whois),
    Command("WHOWAS", cost: 2, targets: .ofMessages, help: "WHOWAS <nickname> [<count>]: tells about somebody who left", run: whowas),
    Command("AWAY", phase: .any, help: "AWAY [:<message>]: says that you are away; without a message, back", run: away),
    Command("USERHOST", parameters: 1, targets: .atMost(10), help: "USERHOST <nickname> …: shows user names and hosts", run: userHost),
    Command(
        "USERIP", parameters: 1, targets: .atMost(10),
        help: "USERIP <nickname> …: shows user names and addresses, as far as you may see them", run: userIP),
    Command("ISON", parameters: 1, help: "ISON <nickname> …: tells which of them are here", run: isOn),
    Command("MOTD", help: "MOTD: shows the message of the day") { context in
        guard context.isAboutThisServer(0) else { return }
        for line in context.world.motd { context.reply(line.numeric, text: line.text) }
    },
    Command("LUSERS", help: "LUSERS: counts who is here") { context in
        guard context.isAboutThisServer(1) else { return }
        for line in context.world.lusers { context.reply(line.numeric, line.parameters, text: line.text) }
    },
    Command("ISUPPORT", phase: .any, cost: 2, help: "ISUPPORT: tells what this server supports (005)", run: isupport),
    Command("VERSION", help: "VERSION: tells what this server runs", run: version),
    Command("TIME", help: "TIME: tells the time of this server", run: time),
    Command("INFO", help: "INFO: tells about this software", run: info),
    Command("ADMIN", help: "ADMIN: tells who runs this server", run: admin),
    Command("LINKS", help: "LINKS [<mask>]: lists the servers, of which there is one", run: links),
    Command("TRACE", help: "TRACE [<server>]: traces the way to a server", run: trace),
    Command("USERS", help: "USERS: who is logged in on the machine; switched off") {
        $0.reply(.usersDisabled, text: "USERS has been disabled")
    },
    Command("SUMMON", help: "SUMMON: calls somebody on the machine; switched off") {
        $0.reply(.summonDisabled, text: "SUMMON has been disabled")
    },
    Command("HELP", help: "HELP [<command>]: explains a command", run: help),
    Command("HELPOP", help: "HELPOP [<command>]: explains a command", run: help),
]
