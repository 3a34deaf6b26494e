import IRCProtocol
import MainLoop

/// What OperServ does under the names that it has on other servers: `KLINE`, `DLINE`, `UNKLINE` and `UNDLINE` are BAN ADD and BAN DEL.
let operServCommands: [Command] =
    [("KLINE", "UNKLINE"), ("DLINE", "UNDLINE")].flatMap { add, remove in
        [
            Command(
                Verb(stringLiteral: add), parameters: 1, privilege: .ban,
                help: "\(add) [<time>] <mask> [:<reason>[|<reason for operators>]]: the same as OperServ BAN ADD"
            ) { $0.run("BAN", ["ADD"]) },
            Command(
                Verb(stringLiteral: remove), parameters: 1, privilege: .ban,
                help: "\(remove) <mask>: the same as OperServ BAN DEL"
            ) { $0.run("BAN", ["DEL"]) },
        ]
    } + [
        Command("DEFCON", privilege: .defcon, help: "DEFCON [<level> [:<reason>]]: the same as OperServ DEFCON") { $0.run("DEFCON", []) }
    ]

extension CommandContext {
    fileprivate func run(_ name: String, _ words: [String]) {
        let typed = message.parameters.flatMap { $0.split(separator: " ").map(String.init) }
        world.run(name, words + typed, at: operServ, for: self, subject: nil)
    }
}
