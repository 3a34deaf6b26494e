import MainLoop
import NIOHTTP1
import Server
import Store

/// The server as a whole.
extension Router {
    nonisolated static let serverRoutes = [
        Route(
            .GET, "/api/v1/server", needs: .serverRead,
            Operation(
                id: "getServer", group: .server, summary: "What the server is and how much happens on it.",
                answers: [.ok("The server", ServerView.schema)])
        ) { router, _, _ in try .json(router.server.serverView()) }
    ]
}

extension ServerView {
    static let schema = JSONSchema.object([
        "name": .text("The name of the server"),
        "network": .text("The name of the network"),
        "version": .text("The version that runs"),
        "started_at": .time("Since when it serves"),
        "clients": .integer("People who are here"),
        "clients_peak": .integer("The most there ever were at once"),
        "logged_in": .integer("Those with an account"),
        "operators": .integer("Operators of the server who are here"),
        "channels": .integer("Channels"),
        "defcon": .integer("How far the server has closed itself: 5 is open", 1...5),
    ])
}
