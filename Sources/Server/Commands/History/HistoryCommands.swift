import IRCProtocol

/// Reading what was said before.
let historyCommands: [Command] = [
    Command(
        "CHATHISTORY", cost: 2,
        help: "CHATHISTORY <LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS> …: reads the history of a channel or a conversation",
        run: chatHistory),
    Command(
        "MARKREAD", help: "MARKREAD <target> [timestamp=<time>]: tells or says how far you have read in a channel or conversation",
        run: markRead),
    Command(
        "REDACT", parameters: 2, cost: 2, help: "REDACT <target> <msgid> [:<reason>]: deletes a message that you may delete",
        run: redact),
    Command(
        "SEARCH", parameters: 1, cost: 5,
        help: "SEARCH <text=words;in=target;from=nickname;after=time;before=time;limit=number>: finds messages that you may read",
        run: search),
]
