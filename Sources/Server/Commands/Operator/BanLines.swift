import IRCProtocol
import MainLoop

/// The names that bans have on other servers: `KLINE`, `DLINE`, `UNKLINE` and `UNDLINE` are OperServ BAN ADD and BAN DEL.
let banLineCommands: [Command] =
    [("KLINE", "UNKLINE"), ("DLINE", "UNDLINE")].flatMap { add, remove in
        [
            Command(
                Verb(stringLiteral: add), parameters: 1, operatorOnly: true,
                help: "\(add) [<time>] <mask> [:<reason>[|<reason for operators>]]: the same as OperServ BAN ADD"
            ) { $0.runBan("ADD") },
            Command(
                Verb(stringLiteral: remove), parameters: 1, operatorOnly: true,
                help: "\(remove) <mask>: the same as OperServ BAN DEL"
            ) { $0.runBan("DEL") },
        ]
    }

extension CommandContext {
    fileprivate func runBan(_ subcommand: String) {
        let words = message.parameters.flatMap { $0.split(separator: " ").map(String.init) }
        world.run("BAN", [subcommand] + words, at: operServ, for: self, subject: nil)
    }
}
