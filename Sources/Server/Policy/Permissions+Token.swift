import Accounts
import IRCProtocol
import MainLoop

/// Who may prove what to a service beside the chat (draft/authtoken).
extension Permissions {
    enum Scope: Equatable {
        /// With the name as it is written here.
        case allowed(String)
        case unknown
        case notYours
    }

    /// Whether `client` may have a token for `name`: a channel it is in, or itself.
    static func scope(_ name: String, of client: Client) -> Scope {
        let folded = CaseMapping.fold(name)
        if let channel = client.world.channels[folded], see(channel, by: client) {
            return channel[client] == nil ? .notYours : .allowed(channel.name.text)
        }
        if folded == client.nick?.folded { return .allowed(client.target) }
        guard let account = client.identity?.account, CaseMapping.fold(account) == folded else { return .unknown }
        return .allowed(account)
    }

    /// Whether a service learns that somebody is in `channel`: what everybody may know, and what the token was made for.
    static func tell(_ channel: Channel, toServiceFor scope: String?) -> Bool {
        readPublicly(channel) || scope.map(CaseMapping.fold) == channel.name.folded
    }

    /// Whether whoever is at the other end may ask whose a token for `service` is: the service itself.
    static func validateTokens(of service: ServerConfiguration.TokenService, by session: Session) -> Bool {
        session.gateway == nil && service.addresses.contains(session.peer.address)
    }
}
