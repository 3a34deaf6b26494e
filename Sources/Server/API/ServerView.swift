import IRCProtocol
import MainLoop

/// What a program sees of the whole server.
package struct ServerView: Sendable, Encodable, Equatable {
    package let name: String
    package let network: String
    package let version: String
    /// RFC 3339.
    package let started_at: String
    package let clients: Int
    package let clients_peak: Int
    package let logged_in: Int
    package let operators: Int
    package let channels: Int
    /// From 5 (open) to 1.
    package let defcon: Int
}

extension World {
    package func serverView() -> ServerView {
        let census = census()
        return ServerView(
            name: configuration.name, network: configuration.network, version: Version.number, started_at: ServerTime.format(startedAt),
            clients: census.clients, clients_peak: census.peakClients, logged_in: census.loggedIn, operators: census.operators,
            channels: census.channels, defcon: defense.rawValue)
    }
}
