import IRCProtocol

/// What 005 tells of this server (modern-irc "RPL_ISUPPORT Parameters").
struct ISupport {
    let tokens: [String]

    /// - Parameters:
    ///   - pushKey: what devices subscribe for (`VAPID`); nil: there are no notifications.
    ///   - lineLength: the longest line without tags, CR LF included.
    init(_ configuration: ServerConfiguration, pushKey: String? = nil, lineLength: Int = Line.maximumLength) {
        let limits = configuration.limits
        func letters(_ kind: ChannelMode.Kind) -> String { String(ChannelMode.all(kind).map(\.rawValue)) }
        let ranks = MemberRank.allCases.reversed()
        var tokens = [
            "ACCEPT=\(limits.accept)",
            "ACCOUNTEXTBAN=account,a",
            "AWAYLEN=\(limits.away)",
            "BOT=\(UserMode.bot.rawValue)",
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
            "HOSTLEN=\(Cloak.hostLimit)",
            "INVEX",
            "KEYLEN=\(limits.key)",
            "KICKLEN=\(limits.kick)",
            "KNOCK",
            "LINELEN=\(lineLength)",
            "MAXLIST=\(letters(.list)):\(limits.listEntries)",
            "MODES=\(ChannelModeEditor.changeLimit)",
            "MONITOR=\(limits.monitor)",
            "NAMELEN=\(limits.realname)",
            "NETWORK=\(configuration.network.filter { $0 != " " })",
            "NICKLEN=\(limits.nick)",
            "PREFIX=(\(String(ranks.map(\.mode.rawValue))))\(String(ranks.map(\.prefix)))",
            "SAFELIST",
            "SILENCE=\(limits.silence)",
            "STATUSMSG=\(String(ranks.map(\.prefix)))",
            "TARGMAX="
                + CommandTable.standard.targets.map { "\($0.verb.text):\($0.limit.in(limits).map(String.init) ?? "")" }.joined(
                    separator: ","),
            "TOPICLEN=\(limits.topic)",
            "USERLEN=\(limits.user + 1)",
            "USERMODES=,,,\(String(UserMode.allCases.map(\.rawValue)))",
            "UTF8ONLY",
            "WHOX",
        ]
        if configuration.history.enabled {
            tokens += ["CHATHISTORY=\(limits.historyPage)", "MSGREFTYPES=msgid,timestamp"]
        }
        if !configuration.deniedClientTags.isEmpty {
            tokens.append("CLIENTTAGDENY=" + configuration.deniedClientTags.joined(separator: ","))
        }
        if !configuration.accounts.allowed.isEmpty { tokens.append("draft/ACCOUNTREQUIRED") }
        tokens.append("draft/AUTHTOKEN")
        if let pushKey { tokens.append("VAPID=\(pushKey)") }
        if !configuration.icon.isEmpty { tokens.append("draft/ICON=" + Self.escaped(configuration.icon)) }
        self.tokens = tokens
    }

    /// A value with nothing in it that ends a token or its name (modern-irc "RPL_ISUPPORT").
    private static func escaped(_ value: String) -> String {
        value.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\x5C"
            case " ": "\\x20"
            case "=": "\\x3D"
            default: String(scalar)
            }
        }.joined()
    }

    /// `tokens` in lines of at most thirteen that are not too long.
    static func lines(of tokens: [String]) -> [[String]] {
        var lines: [[String]] = []
        var length = 0
        for token in tokens {
            length += token.utf8.count + 1
            if let last = lines.last, last.count < 13, length <= 330 {
                lines[lines.count - 1].append(token)
            } else {
                lines.append([token])
                length = token.utf8.count + 1
            }
        }
        return lines
    }
}
