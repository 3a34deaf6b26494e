import IRCProtocol
import MainLoop

extension World {
    /// Takes a new configuration over and tells everybody what of 005 changed (IRCv3 needs no more of a server than
    /// to say it). The name of the server stays: it is in what clients remember.
    package func reconfigure(_ new: ServerConfiguration) {
        let before = ISupport(configuration).tokens
        var new = new
        new.name = configuration.name
        configuration = new
        let after = ISupport(new).tokens
        let key = { (token: String) in String(token.prefix { $0 != "=" }) }
        let kept = Set(after.map(key))
        let changes = after.filter { !before.contains($0) } + before.map(key).filter { !kept.contains($0) }.map { "-" + $0 }
        guard !changes.isEmpty else { return }
        for session in sessions.values where session.isRegistered { sendISupport(changes, to: session) }
    }
}
