import IRCProtocol
import Store

/// What people say to each other.
let messageCommands: [Command] = [
    Command("PRIVMSG", targets: .ofMessages, help: "PRIVMSG <target>[,<target>…] :<text>: says something") { say($0, .privmsg) },
    Command("NOTICE", targets: .ofMessages, help: "NOTICE <target>[,<target>…] :<text>: says something that nobody answers by machine") {
        say($0, .notice)
    },
    Command("TAGMSG", targets: .ofMessages, help: "TAGMSG <target>[,<target>…]: sends tags without a text") { say($0, .tagmsg) },
    Command(
        "BATCH", parameters: 1, phase: .any, cost: 4,
        help: "BATCH +<reference> draft/multiline <target>, BATCH -<reference>: begins and ends a message of several lines", run: batch),
    Command(
        "RELAYMSG", parameters: 3, help: "RELAYMSG <channel> <name/network> :<text>: says something for somebody elsewhere",
        run: relayMessage),
    Command(
        "ACCEPT", parameters: 1, cost: 2, targets: .unlimited,
        help: "ACCEPT <[-]nickname>[,…]: takes private messages of somebody although your modes say otherwise; ACCEPT *: lists",
        run: accept),
    Command("SILENCE", cost: 2, help: "SILENCE [+<mask>|-<mask>]: ignores the private messages of those who fit a mask", run: silence),
]
