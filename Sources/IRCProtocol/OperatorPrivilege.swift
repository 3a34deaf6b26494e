/// One thing that operators of the server may do. The raw value is its name in the configuration and in 723.
package enum OperatorPrivilege: String, CaseIterable, Sendable {
    case kill, ban, filter, defcon, sajoin, sanick, samode, accreg, chanreg, vhosts, history, actfor, auspex, contact, stats, audit,
        snomasks, massmessage
    case rehash, die

    /// What it lets an operator do, for the manual.
    package var meaning: String {
        switch self {
        case .kill: "`KILL`"
        case .ban: "bans of the server: `OperServ BAN`, `KLINE`, `DLINE`"
        case .filter: "filters of what people say: `OperServ FILTER`"
        case .defcon: "`DEFCON`"
        case .sajoin: "`SAJOIN` and `SAPART`"
        case .sanick: "`SANICK`"
        case .samode: "`SAMODE`"
        case .accreg:
            "accounts of others in NickServ: `SAREGISTER`, `SAPASSWD`, `SUSPEND`, `INVITECODE`, `LIST` and so on; `INFO` tells more"
        case .chanreg: "channels of others in ChanServ, `PURGE`, and the channel modes `O` and `P`"
        case .vhosts: "`HostServ SET` and `DEL`"
        case .history: "messages of others: `REDACT` everywhere, `HistServ DELETE`, `SAEXPORT`, `SAFORGET`"
        case .actfor:
            "`FOR`: commands to services in the place of an account; with its devices, exports and channels, so it contains `accreg`, `chanreg` and `history` for those"
        case .auspex:
            "sees what is hidden: secret channels, invisible people, addresses, keys of channels; `OperServ CLIENTS`, `TRACE`, `CHANNELS`"
        case .contact: "writes to people who take no private messages"
        case .stats: "`STATS`, `OperServ STATUS` and `TOP`"
        case .audit: "`OperServ AUDIT`"
        case .snomasks: "notices of what happens (user mode `s`)"
        case .massmessage: "`WALLOPS`"
        case .rehash: "`REHASH`, `OperServ LOGLEVEL` and `CERTIFICATES`"
        case .die: "`DIE`, `RESTART`, `OperServ SHUTDOWN` and `DRAIN`"
        }
    }
}
