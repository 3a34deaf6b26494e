import Accounts
import IRCProtocol
import MainLoop

/// What is closed while the server is attacked.
extension Permissions {
    /// Whether people may make accounts; operators make them for others all the same.
    static func makeAccounts(at level: DefenseLevel) -> Bool { level > .noRegistrations }

    /// Whether `client` may register channels; administrators may.
    static func registerChannels(_ client: Client?, at level: DefenseLevel) -> Bool {
        level > .noRegistrations || exercise(.chanreg, by: client)
    }

    /// Whether `client` may enter channels, and speak to people who are not operators.
    static func takePart(_ client: Client, at level: DefenseLevel) -> Bool {
        level > .quietGuests || client.identity != nil || client.isOperator
    }

    /// Whether somebody may connect.
    static func connect(as identity: Identity?, at level: DefenseLevel, _ configuration: ServerConfiguration) -> Bool {
        guard level <= .accountsOnly else { return true }
        guard let identity else { return false }
        return level > .operatorsOnly || operate(as: identity, configuration)
    }
}
