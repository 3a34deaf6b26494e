import IRCProtocol

/// Channels that belong to somebody.
let chanServ = Service(
    nick: "ChanServ", shortVerb: "CS", purpose: "registers channels and helps to run them",
    commands: [
        ServiceCommand(
            name: "REGISTER", parameters: "<channel>", minimum: 1, need: .account,
            summary: "Makes a channel yours: it stays, and you are its founder whenever you enter.",
            detail: ["You must be in the channel and run it (@). In the place of others operators of the server may with any."],
            run: registerChannel),
        ServiceCommand(
            name: "UNREGISTER", aliases: ["DROP"], parameters: "<channel> [<code>]", minimum: 1, need: .account, isForOwners: true,
            summary: "Gives a channel up; its access list, bans and topic are forgotten.",
            detail: ["Without the code you are told which one to add. The history stays for as long as the server keeps it."],
            run: unregisterChannel),
        ServiceCommand(
            name: "INFO", parameters: "<channel>", minimum: 1, summary: "Tells about a registered channel.", run: channelInfo),
        ServiceCommand(
            name: "LIST", parameters: "[<mask>]", need: .serverOperator(.chanreg), summary: "Lists the registered and the purged channels.",
            run: listChannels),
        ServiceCommand(
            name: "AMODE", aliases: ["ACCESS"], parameters: "<channel> [<+-rank> <account>]", minimum: 1, need: .account, isForOwners: true,
            summary: "Shows or changes who gets which rank.",
            detail: [
                "AMODE #c +o alice makes whoever is logged in as alice an operator whenever it enters; -o takes that away.",
                "Ranks: a admin, o operator, h half-operator, v voice. Admins may change the ranks below their own.",
            ], run: accessList),
        ServiceCommand(
            name: "AKICK", parameters: "<channel> [ADD <mask> [<reason>] | DEL <mask>]", minimum: 1, need: .account,
            summary: "Shows or changes who is kept out for good.",
            detail: ["A mask is nick!user@host or an extended ban such as account:name. Whoever is on the access list is never kept out."],
            run: keepOutList),
        ServiceCommand(
            name: "SET", parameters: "<channel> <setting> <value>", minimum: 3, need: .account,
            summary: "Changes a setting of a channel.", detail: ChannelSetting.help, run: setChannel),
        ServiceCommand(
            name: "GET", parameters: "<channel> [<setting>]", minimum: 1, need: .account, summary: "Shows the settings of a channel.",
            run: getChannel),
        ServiceCommand(
            name: "TRANSFER", parameters: "<channel> <account> [<code>] | ACCEPT <channel> | CANCEL <channel>", minimum: 2, need: .account,
            isForOwners: true,
            summary: "Gives a channel to another account, which has to accept it.", run: transferChannel),
        ServiceCommand(
            name: "OP", parameters: "<channel> [<nickname>]", minimum: 1, need: .account,
            summary: "Makes you or somebody else an operator of the channel."
        ) { changeRank($0, .op, true) },
        ServiceCommand(
            name: "DEOP", parameters: "<channel> [<nickname>]", minimum: 1, need: .account, summary: "Takes that away."
        ) { changeRank($0, .op, false) },
        ServiceCommand(
            name: "VOICE", parameters: "<channel> [<nickname>]", minimum: 1, need: .account, summary: "Gives you or somebody else a voice."
        ) { changeRank($0, .voice, true) },
        ServiceCommand(
            name: "DEVOICE", parameters: "<channel> [<nickname>]", minimum: 1, need: .account, summary: "Takes that away."
        ) { changeRank($0, .voice, false) },
        ServiceCommand(
            name: "INVITE", parameters: "<channel>", minimum: 1, need: .account, reach: .person, summary: "Invites you into a channel.",
            run: inviteOneself),
        ServiceCommand(
            name: "UNBAN", parameters: "<channel>", minimum: 1, need: .account, reach: .person,
            summary: "Takes away the bans that catch you.", run: unbanOneself),
        ServiceCommand(
            name: "GETKEY", parameters: "<channel>", minimum: 1, need: .account, summary: "Tells the key of a channel.", run: tellKey),
        ServiceCommand(
            name: "CLEAR", parameters: "<channel> <USERS|BANS|ACCESS> [<code>]", minimum: 2, need: .account, isForOwners: true,
            summary: "Throws everybody out, or forgets all bans or the access list.", run: clearChannel),
        ServiceCommand(
            name: "HOWTOBAN", parameters: "<channel> <nickname>", minimum: 2, summary: "Suggests the bans that keep somebody out.",
            run: howToBan),
        ServiceCommand(
            name: "PURGE", parameters: "ADD <channel> [<reason>] [<code>] | DEL <channel> | LIST", minimum: 1,
            need: .serverOperator(.chanreg),
            summary: "Closes a channel: nobody may use its name.", run: purgeChannel),
        actFor,
    ])
