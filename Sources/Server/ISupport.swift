import IRCProtocol

/// What 005 tells of this server (modern-irc "RPL_ISUPPORT Parameters").
struct ISupport {
    let tokens: [String]

    init(_ configuration: ServerConfiguration) {
        let limits = configuration.limits
        let targets = limits.targets
        func letters(_ kind: ChannelMode.Kind) -> String { String(ChannelMode.all(kind).map(\.rawValue)) }
        let ranks = MemberRank.allCases.reversed()
        var tokens = [
            "ACCEPT=\(limits.accept)",
            "ACCOUNTEXTBAN=account,a",
            "AWAYLEN=\(limits.away)",
            "CALLERID=\(UserMode.callerID.rawValue)",
            "CASEMAPPING=ascii",
            "CHANLIMIT=#:\(limits.channelsPerClient)",
            "CHANMODES=\(letters(.list)),\(letters(.always)),\(letters(.whenSet)),\(letters(.flag))",
            "CHANNELLEN=\(limits.channel)",
            "CHANTYPES=#",
            "ELIST=CMNTU",
            "EXCEPTS",
            "EXTBAN=,\(BanMask.letters)",
            "FORWARD=\(ChannelMode.forward.rawValue)",
            "INVEX",
            "KEYLEN=\(limits.key)",
            "KICKLEN=\(limits.kick)",
            "KNOCK",
            "MAXLIST=\(letters(.list)):\(limits.listEntries)",
            "MODES",
            "MONITOR=\(limits.monitor)",
            "NAMELEN=\(limits.realname)",
            "NETWORK=\(configuration.network.filter { $0 != " " })",
            "NICKLEN=\(limits.nick)",
            "PREFIX=(\(String(ranks.map(\.mode.rawValue))))\(String(ranks.map(\.prefix)))",
            "SAFELIST",
            "SILENCE=\(limits.silence)",
            "STATUSMSG=\(String(ranks.map(\.prefix)))",
            "TARGMAX=KICK:,LIST:1,MONITOR:\(limits.monitor),NAMES:\(targets),NOTICE:\(targets),PRIVMSG:\(targets),"
                + "TAGMSG:\(targets),WHOIS:1",
            "TOPICLEN=\(limits.topic)",
            "USERLEN=\(limits.user + 1)",
            "USERMODES=,,,\(String(UserMode.allCases.map(\.rawValue)))",
            "UTF8ONLY",
            "WHOX",
        ]
        if configuration.history.enabled {
            tokens += ["CHATHISTORY=\(limits.historyPage)", "MSGREFTYPES=msgid,timestamp"]
        }
        self.tokens = tokens
    }

    /// The tokens in lines of at most thirteen.
    var lines: [[String]] {
        stride(from: 0, to: tokens.count, by: 13).map { Array(tokens[$0..<min($0 + 13, tokens.count)]) }
    }
}
