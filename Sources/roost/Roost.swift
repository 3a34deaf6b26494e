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
              roost admin nickserv help               give a command to the running server
              roost backup monday.backup              write everything into one file
              roost token add my-bot --scope metrics  let a program use the HTTP API
              roost client-key add                    sign new logins with a new key
              roost hash-password < password.txt      for server.password

            Every command has its own help: roost help run
            """,
        subcommands: [
            Run.self, Init.self, Check.self, Account.self, Admin.self, Backup.self, Restore.self, Upgrade.self, Token.self, ClientKey.self,
            HashPassword.self, Version.self, WriteDocs.self,
        ])
}
