import ArgumentParser
import Foundation
import Server
import Settings

/// For developers: writes the files of the checkout that follow from the tables of the code.
struct WriteDocs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write-docs",
        abstract: "Write docs/configuration.md, docs/protocol.md and etc/roost.toml.example.",
        discussion: """
            Example, in the root of a checkout:
              roost write-docs
            """,
        shouldDisplay: false)

    func run() async throws {
        try write(ConfigurationReference.markdown, to: "docs/configuration.md")
        try write(ProtocolReference.markdown, to: "docs/protocol.md")
        try write(
            StarterFile.text(domain: "irc.example.com", data: "/var/lib/roost", email: "admin@example.com"), to: "etc/roost.toml.example")
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
