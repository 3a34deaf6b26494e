import Accounts
import ArgumentParser
import Daemon

struct HashPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password",
        abstract: "Hash a password for the configuration file.",
        discussion: """
            The password is read from standard input up to the end of the first line. The hash goes into server.password.

            Example:
              roost hash-password < password.txt
            """)

    func run() async throws {
        try await reportingProblems {
            guard let password = readLine(strippingNewline: true), !password.isEmpty else {
                throw StartError(
                    "standard input", "there is no password in it", remedy: "pipe it in: roost hash-password < password.txt")
            }
            let hasher = PasswordHasher()
            let hash = try await hasher.hash(password)
            await hasher.shutdown()
            print(hash)
        }
    }
}
