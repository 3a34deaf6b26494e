import Accounts
import IRCProtocol
import MainLoop

/// How many entries of one nickname are shown: somebody who came and went all day must not fill the asker's queue.
private let shownEntries = 50

/// `WHOWAS` (modern-irc "WHOWAS message"): of one or more nicknames.
@LoopActor
func whowas(_ context: CommandContext) {
    guard let names = context.message[0], !names.isEmpty else {
        return context.reply(.noNicknameGiven, text: "No nickname given")
    }
    guard context.isAboutThisServer(2) else { return }
    let asked = context.message[1].flatMap { Int($0) } ?? 0
    let count = asked > 0 ? min(asked, shownEntries) : shownEntries
    for name in names.split(separator: ",").map(String.init).prefix(context.targetLimit) {
        let entries = context.world.whowas.find(name, count: count)
        let subject = name.asParameter
        if entries.isEmpty { context.reply(.wasNoSuchNick, subject, text: "There was no such nickname") }
        for entry in entries { context.describe(entry) }
        context.reply(.endOfWhowas, subject, text: "End of WHOWAS")
    }
}

extension CommandContext {
    fileprivate func describe(_ entry: WhowasList.Entry) {
        let nick = entry.nick.text
        reply(.whowasUser, nick, entry.user, entry.host, "*", text: entry.realname)
        if Permissions.seePastAddresses(by: client) {
            reply(.whoisActually, nick, "\(entry.user)@\(entry.address)", entry.address, text: "was actually using host")
        }
        if let account = entry.account { reply(.whoisAccount, nick, account, text: "was logged in as") }
        reply(.whoisServer, nick, world.configuration.name, text: ServerTime.format(entry.leftAt))
    }
}
