package import IRCProtocol

/// docs/protocol.md, made from the tables that the server works with.
package enum ProtocolReference {
    package static var markdown: String {
        sections.map { "## \($0.title)\n\n\($0.text)\n" }.reduce(
            """
            # Protocol

            What this server speaks, for authors of clients. Made by `roost write-docs` from the tables of the code: do not edit it.


            """
        ) { $0 + $1 + "\n" }.trimmingLastNewline
    }

    private static var sections: [(title: String, text: String)] {
        [
            ("Capabilities", list(Capability.allCases.map { "`\($0.name)`" }) + "\n- `sts`, where the operator has set it up"),
            (
                "ISUPPORT",
                "With the default configuration. `LINELEN` is \(Line.longLength) for WebSocket clients that named no subprotocol: what they "
                    + "say in a long line reaches the others in several.\n\n"
                    + list(ISupport(ServerConfiguration()).tokens.map { "`\($0)`" })
            ),
            (
                "Channel modes",
                table(
                    ["Letter", "Name", "Parameter"],
                    ChannelMode.allCases.map { mode in
                        ["`\(mode.rawValue)`", words("\(mode)"), parameter(mode.kind)]
                    })
            ),
            ("User modes", table(["Letter", "Name"], UserMode.allCases.map { ["`\($0.rawValue)`", words("\($0)")] })),
            (
                "Extended bans",
                "`letter:pattern` or `name:pattern`; `m:` before any mask mutes only.\n\n"
                    + table(
                        ["Letter", "Name"],
                        BanMask.Subject.allCases.map { ["`\($0.rawValue)`", $0.name] } + [["`\(BanMask.muteLetter)`", "mute"]])
            ),
            (
                "Commands",
                table(
                    ["Command", "What it does"],
                    CommandTable.standard.all.map { command in
                        [
                            "`\(escaped(command.usage))`",
                            escaped(command.purpose) + (command.privilege.map { " (operators, `\($0.rawValue)`)" } ?? ""),
                        ]
                    })
            ),
            (
                "Services",
                services.map { service in
                    "### \(service.name)\n\n\(service.purpose.prefix(1).uppercased() + service.purpose.dropFirst()).\n\n"
                        + table(
                            ["Command", "What it does"],
                            service.commands.map { command in
                                [
                                    "`\(escaped(command.usage))`",
                                    escaped(command.summary) + (command.privilege.map { " (operators, `\($0.rawValue)`)" } ?? "")
                                        + (command.isOnIRCOnly ? " (on IRC only)" : ""),
                                ]
                            })
                }.joined(separator: "\n\n")
            ),
            (
                "Client-only tags",
                "All others are passed on, as far as CLIENTTAGDENY lets them.\n\n"
                    + table(
                        ["Tag", "What it means here"],
                        ChangeTags.meanings.map { [$0.names.map { "`\($0)`" }.joined(separator: " "), $0.meaning] })
            ),
            ("Tags of the server", table(["Tag", "What it means"], ServerTag.allCases.map { ["`\($0.rawValue)`", $0.meaning] })),
            (
                "WARN and NOTE codes",
                table(["Code", "Command", "When"], NoteCode.allCases.map { ["`\($0.rawValue)`", $0.verb, $0.meaning] })
            ),
            ("FAIL codes", table(["Code", "When"], FailCode.allCases.map { ["`\($0.rawValue)`", $0.meaning] })),
            ("Numerics", table(["Number", "Name"], Numeric.allCases.map { ["\($0.digits)", words("\($0)")] })),
        ]
    }

    /// The services with their commands, as people and administrators call them.
    package static var services: [(name: String, purpose: String, commands: [ServiceUsage])] {
        Service.all.map { service in
            let commands = service.commands.map { command in
                ServiceUsage(
                    usage: "\(command.name) \(command.parameters)".trimmingTrailingSpace, summary: command.summary,
                    privilege: command.need.privilege, isOnIRCOnly: command.reach == .connection)
            }
            return (service.nick, service.purpose, commands)
        }
    }

    /// One command of a service.
    package struct ServiceUsage {
        /// Its name and parameters.
        package let usage: String
        /// What it does.
        package let summary: String
        /// What an operator needs to use it; nil: it is for everybody.
        package let privilege: OperatorPrivilege?
        package let isOnIRCOnly: Bool
    }

    private static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        let line = { (cells: [String]) in "| \(cells.joined(separator: " | ")) |" }
        return ([line(head), line(head.map { _ in "---" })] + rows.map(line)).joined(separator: "\n")
    }

    /// `noKnock` as `no knock`.
    private static func words(_ name: String) -> String {
        name.replacing(/([a-z])([A-Z])/) { "\($0.1) \($0.2)" }.lowercased()
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func parameter(_ kind: ChannelMode.Kind) -> String {
        switch kind {
        case .list: "a mask; without one: shows the list"
        case .always: "always"
        case .whenSet: "when it is set"
        case .flag: "none"
        case .member: "a nickname"
        }
    }
}

extension String {
    fileprivate var trimmingLastNewline: String { hasSuffix("\n\n") ? String(dropLast()) : self }
    fileprivate var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
