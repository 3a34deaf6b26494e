import IRCProtocol

/// Channels: who is in them, and how they are run.
let channelCommands: [Command] = [
    Command(
        "JOIN", parameters: 1, cost: 2, targets: .unlimited,
        help: "JOIN <channel>[,<channel>…] [<key>[,<key>…]]: enters channels; JOIN 0 leaves all", run: join),
    Command("PART", parameters: 1, targets: .unlimited, help: "PART <channel>[,<channel>…] [:<reason>]: leaves channels", run: part),
    Command("TOPIC", parameters: 1, help: "TOPIC <channel> [:<topic>]: shows or sets the topic", run: topic),
    Command("NAMES", cost: 2, targets: .ofMessages, help: "NAMES <channel>[,<channel>…]: shows who is in channels", run: names),
    Command(
        "LIST", cost: 3, targets: .unlimited, help: "LIST [<channel or mask or condition>,…]: shows the channels there are", run: list
    ),
    Command("MODE", parameters: 1, help: "MODE <channel or nickname> [<modes> [<parameters>…]]: shows or changes modes", run: mode),
    Command(
        "KICK", parameters: 2, targets: .unlimited, help: "KICK <channel> <nickname>[,<nickname>…] [:<reason>]: throws somebody out",
        run: kick),
    Command("KNOCK", parameters: 1, cost: 2, help: "KNOCK <channel>: asks those who run a channel to be let in", run: knock),
    Command("INVITE", help: "INVITE [<nickname> <channel>]: asks somebody in; alone, shows your invitations", run: invite),
    Command(
        "RENAME", parameters: 2, cost: 5, help: "RENAME <channel> <new name> [:<reason>]: gives a channel another name", run: renameChannel),
    Command("PIN", parameters: 2, cost: 2, help: "PIN <channel> <msgid>: keeps a message of a channel in sight", run: pin),
    Command("UNPIN", parameters: 2, cost: 2, help: "UNPIN <channel> <msgid>: ends that", run: unpin),
    Command("PINS", parameters: 1, cost: 2, help: "PINS <channel>: lists the messages that are kept in sight", run: pins),
]
