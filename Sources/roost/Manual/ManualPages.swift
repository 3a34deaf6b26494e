import Foundation
import Server
import Settings

/// The manual pages, made from the same declarations as what they describe.
enum ManualPages {
    /// Their texts by the names of their files.
    static func all() throws -> [(name: String, text: String)] {
        let command = try CommandInfo.read()
        return [("roost.1", roost(command)), ("roost-admin.8", admin(command)), ("roost.toml.5", configuration)]
    }

    private static func roost(_ command: CommandInfo) -> String {
        var page = Page("roost", 1, "a chat server: IRC with history, and login with Bluesky")
        page.section("SYNOPSIS")
        page.paragraph("`roost` <command> [<options>]")
        page.section("DESCRIPTION")
        page.discussion(command.discussion ?? "")
        page.section("COMMANDS")
        for sub in command.shown where sub.commandName != "admin" { add(sub, below: "roost", to: &page) }
        page.part("roost admin")
        page.paragraph("Give a command to the running server: see `roost-admin`(8).")
        page.section("ENVIRONMENT")
        page.item("ROOST_DATA", "The data directory, where neither an option nor the configuration names one.")
        page.item(
            "NOTIFY_SOCKET, WATCHDOG_USEC, LISTEN_FDS, CREDENTIALS_DIRECTORY",
            "Set by systemd: where the server tells how it is, how often, the sockets to listen on, and where the master key may be.")
        page.section("FILES")
        page.item("/etc/roost/roost.toml", "The configuration of the packaged server: see `roost.toml`(5).")
        page.item("/var/lib/roost", "Its data: the database, the keys and the socket of `roost admin`.")
        page.section("EXIT STATUS")
        page.item("0", "Done, or stopped by a signal.")
        page.item("1", "Something failed, or a service refused; the message says what.")
        page.item("64", "The command line makes no sense.")
        page.item("78", "The configuration, a file or a port has to be put right first; standard error says what.")
        page.section("SEE ALSO")
        page.paragraph("`roost.toml`(5), `roost-admin`(8)")
        return page.text
    }

    private static func admin(_ command: CommandInfo) -> String {
        let admin = command.shown.first { $0.commandName == "admin" }
        var page = Page("roost-admin", 8, "give a command to the running chat server")
        page.section("SYNOPSIS")
        page.paragraph("`roost admin` [<options>] <service> [<command> ...]")
        page.section("DESCRIPTION")
        page.discussion(admin?.discussion ?? "")
        page.section("COMMANDS")
        for sub in admin?.shown ?? [] { add(sub, below: "roost admin", to: &page) }
        page.section("SERVICES")
        page.paragraph(
            "An operator on IRC has the same commands, with `/msg NickServ` and so on. `FOR <account>` before one does it for others.")
        for service in ProtocolReference.services {
            page.part("\(service.name): \(service.purpose)")
            for command in service.commands where !command.isOnIRCOnly { page.item(command.usage, command.summary) }
        }
        page.section("EXIT STATUS")
        page.item("0", "It is done.")
        page.item("1", "The service refused, or wants a confirmation code first, or there is no such service.")
        page.item("78", "No server answers, or this user may not speak to it.")
        page.section("SEE ALSO")
        page.paragraph("`roost`(1), `roost.toml`(5)")
        return page.text
    }

    private static var configuration: String {
        var page = Page("roost.toml", 5, "configuration of the chat server roost")
        page.section("DESCRIPTION")
        page.paragraph(
            "All keys have defaults: an empty file is a good one. The format is TOML. `roost check` reports every mistake at once.")
        page.paragraph(
            "Sizes are text such as `\"64 KiB\"` (B, KiB, MiB, GiB) or a plain number of bytes. Times are text such as `\"30 s\"` "
                + "(ms, s, min, h, d) or a plain number of seconds. A relative path starts at the folder of the file.")
        page.paragraph("A running server reads the file again on the signal HUP. When it has a mistake, nothing changes.")
        for section in Setting.sections {
            page.section("[\(section)]")
            page.paragraph(Setting.sectionSummaries[section] ?? "")
            for setting in Setting.all where setting.section == section {
                let standard = setting.standard.map { "Default: `\($0)`." } ?? "Not set by default."
                let effect = setting.effect == .restart ? "Counts after a restart." : "Counts after a reload."
                page.item(setting.key, setting.summary, setting.detail, "Takes \(setting.kind). \(standard) \(effect)")
            }
        }
        page.section("FILES")
        page.item("/etc/roost/roost.toml", "That of the packaged server.")
        page.section("SEE ALSO")
        page.paragraph("`roost`(1), `roost-admin`(8)")
        return page.text
    }

    private static func add(_ command: CommandInfo, below parent: String, to page: inout Page) {
        let name = "\(parent) \(command.commandName)"
        let usage = ([name] + command.ownArguments.map(\.usage)).joined(separator: " ")
        page.part(usage)
        page.paragraph(command.abstract ?? "")
        page.discussion(command.discussion ?? "")
        for argument in command.ownArguments { page.item(argument.term, argument.abstract ?? "") }
        for sub in command.shown { add(sub, below: name, to: &page) }
    }
}
