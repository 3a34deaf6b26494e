import ArgumentParser
import Foundation
import Server
import Settings

/// For developers: writes the files of the checkout that follow from the tables of the code.
struct WriteDocs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write-docs",
        abstract: "Write docs/configuration.md, docs/protocol.md, docs/man and etc/roost.toml.example.",
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
        for page in try ManualPages.all() { try write(page.text, to: "docs/man/\(page.name)") }
    }

    private func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
