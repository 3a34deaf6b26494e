import IRCProtocol
import Store

/// The whole server, for those who operate it.
let operServ = Service(
    nick: "OperServ", shortVerb: "OS", purpose: "the whole server, for its operators: bans, filters, levels of defence, and who did what",
    commands: [
        ServiceCommand(name: "STATUS", need: .serverOperator(.stats), summary: "Tells how the server is, at a glance.", run: tellStatus),
        ServiceCommand(
            name: "CLIENTS", parameters: "[<mask>]", need: .serverOperator(.auspex), summary: "Lists people, with their real addresses.",
            detail: ["A mask is a nickname, or what BAN takes: 192.0.2.0/24, nick!user@host, account:, did:, handle:, realname:."],
            run: listClients),
        ServiceCommand(
            name: "TRACE", parameters: "<nickname or mask>", minimum: 1, need: .serverOperator(.auspex),
            summary: "Tells all about people, connection by connection.", run: traceClient),
        ServiceCommand(
            name: "CHANNELS", parameters: "[<pattern>]", need: .serverOperator(.auspex), summary: "Lists channels, secret ones too.",
            run: listAllChannels),
        ServiceCommand(
            name: "TOP", parameters: "[<seconds>]", need: .serverOperator(.stats),
            summary: "Watches for 5 seconds, or up to 15, who and what keeps the server busy.", run: tellBusiest),
        ServiceCommand(
            name: "BAN",
            parameters: "ADD [REQUIRE-SASL] [FORCE] [<time>] <mask> [<reason> [| <reason for operators>]], "
                + "BAN DEL <number or mask>, BAN LIST [<mask>], BAN TEST [REQUIRE-SASL] <mask>, BAN EXEMPT [<time>] <mask> [<reason>]",
            minimum: 1, need: .serverOperator(.ban), summary: "Keeps people out of the server, or lets them in only when they log in.",
            detail: BanRequest.help, run: changeServerBans),
        ServiceCommand(
            name: "FILTER",
            parameters: "ADD <action> [<options>…] <pattern> [| <reason>], FILTER DEL <number or pattern>, FILTER LIST, FILTER TEST <text>",
            minimum: 1, need: .serverOperator(.filter), summary: "Keeps words and phrases out of what people say.",
            detail: FilterRequest.help, run: changeFilters),
        ServiceCommand(
            name: "DEFCON", parameters: "[<level> [<reason>]]", need: .serverOperator(.defcon),
            summary: "Tells or changes how far the server closes itself while it is attacked, from 5 (open) to 1.",
            detail: DefenseLevel.allCases.reversed().map { "\($0.rawValue): \($0.meaning)" } + [
                "Each level has what those above it have. It stays over a restart. Nobody who is here is disconnected."
            ], run: changeDefense),
        ServiceCommand(
            name: "AUDIT", parameters: "[<number>] [BY <who>] [ON <target>] [ACTION <pattern>] [SINCE <time>]",
            need: .serverOperator(.audit),
            summary: "Tells who did what with the powers of an operator, and why: the newest 20.",
            detail: [
                "Patterns have * and ?: AUDIT 50 BY root* ACTION ban.* SINCE 2d. BY takes an account too.",
                "The newest \(AuditStore.limit) entries are kept.",
            ], run: listAudit),
        ServiceCommand(
            name: "REHASH", need: .serverOperator(.rehash), summary: "Reads the configuration and the certificates again.",
            detail: ["It tells what changed and what needs a restart. A configuration with mistakes changes nothing."], run: rehashServer),
        ServiceCommand(
            name: "LOGLEVEL", parameters: "[<level>]", need: .serverOperator(.rehash),
            summary: "Tells or changes how much is logged, until the next start.",
            detail: ["Levels: trace, debug, info, notice, warning, error, critical."], run: changeLogLevel),
        ServiceCommand(
            name: "CERTIFICATES", parameters: "[RETRY]", need: .serverOperator(.rehash),
            summary: "Tells which certificates are in use, until when, and what became of those that are ordered (ACME).",
            detail: ["RETRY does not wait any longer after an order that failed."], run: tellOfCertificates),
        ServiceCommand(
            name: "DRAIN", parameters: "[ON|OFF]", need: .serverOperator(.die),
            summary: "Refuses new connections, while those that are here stay: before a stop.",
            detail: ["/readyz says so, for balancers. It ends with OFF, or when the server stops."], run: drain),
        ServiceCommand(
            name: "SHUTDOWN", parameters: "[<code>]", need: .serverOperator(.die), summary: "Stops the server. It asks for a code first."
        ) { stopServer($0, restarting: false) },
        ServiceCommand(
            name: "RESTART", parameters: "[<code>]", need: .serverOperator(.die),
            summary: "Stops the server and starts it again. It asks for a code first."
        ) { stopServer($0, restarting: true) },
    ])
