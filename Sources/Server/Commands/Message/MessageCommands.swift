import IRCProtocol
import Store

/// What people say to each other.
let messageCommands: [Command] = [
    Command("PRIVMSG", help: "PRIVMSG <target>[,<target>…] :<text>: says something") { say($0, .privmsg) },
    Command("NOTICE", help: "NOTICE <target>[,<target>…] :<text>: says something that nobody answers by machine") { say($0, .notice) },
    Command("TAGMSG", help: "TAGMSG <target>[,<target>…]: sends tags without a text") { say($0, .tagmsg) },
]
