import ArgumentParser

@main
struct Roost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost",
        abstract: "A chat server: IRC with history, and login with Bluesky.",
        discussion: """
            Examples:
              roost run                               start with defaults and a self-signed certificate
              roost init --domain irc.example.com     write a configuration file
              roost check                             find mistakes in it
              roost account add alice --password-stdin < password.txt
              roost hash-password < password.txt      for server.password

            Every command has its own help: roost help run
            """,
        subcommands: [Run.self, Init.self, Check.self, Account.self, HashPassword.self, Version.self, WriteDocs.self])
}
