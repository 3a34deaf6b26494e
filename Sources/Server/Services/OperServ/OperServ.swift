import IRCProtocol
import Store

/// The whole server, for those who operate it.
let operServ = Service(
    nick: "OperServ", shortVerb: "OS", purpose: "the whole server, for its operators: bans, filters, levels of defence, and who did what",
    commands: [
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
    ])
