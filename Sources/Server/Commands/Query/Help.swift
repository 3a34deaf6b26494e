import Foundation
import IRCProtocol
import MainLoop

/// `HELP` and `HELPOP`, made from the command table.
@LoopActor
func help(_ context: CommandContext) {
    let wanted = (context.message[0] ?? "").uppercased()
    guard !wanted.isEmpty, wanted != "*" else { return context.listCommands() }
    let subject = wanted.asParameter
    guard let command = context.world.commands[Verb(stringLiteral: wanted)] else {
        return context.reply(.helpNotFound, subject, text: "No help available on this topic")
    }
    context.reply(.helpStart, subject, text: command.usage)
    context.reply(.helpText, subject, text: command.purpose)
    if let privilege = command.privilege {
        context.reply(.helpText, subject, text: "for operators only: \(privilege.rawValue)")
    }
    context.reply(.endOfHelp, subject, text: "End of /HELP")
}

extension CommandContext {
    fileprivate func listCommands() {
        reply(.helpStart, "*", text: "Commands; HELP <command> explains one")
        let verbs = world.commands.all.filter { command in command.privilege.map { Permissions.exercise($0, by: client) } ?? true }.map(
            \.verb.text)
        for line in verbs.joinedIntoLines(ofBytes: 72) { reply(.helpText, "*", text: line) }
        reply(.endOfHelp, "*", text: "End of /HELP")
    }
}

extension Command {
    /// The first part of ``help``: the command and its parameters.
    var usage: String { help.range(of: ": ").map { String(help[..<$0.lowerBound]) } ?? help }

    /// The second part of ``help``: what it is good for.
    var purpose: String { help.range(of: ": ").map { String(help[$0.upperBound...]) } ?? "" }
}
