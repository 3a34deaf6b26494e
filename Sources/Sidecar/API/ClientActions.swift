import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs do to people.
extension Router {
    nonisolated static let clientActions = [
        Route(
            .DELETE, "/api/v1/clients/{nick}", needs: .serverAdmin,
            Operation(
                id: "disconnectClient", group: .people, summary: "Disconnects somebody, as KILL does.",
                query: [.init(name: "reason", schema: .reason)], answers: [.done(), .problem(404, "Nobody of this nickname is here")])
        ) { router, request, token in
            do throws(ProgramRefusal) {
                try router.server.disconnect(request.target.pathPart(3) ?? "", reason: request.reason, by: token)
            } catch {
                return try HTTPResponse(error)
            }
            return HTTPResponse(.noContent)
        }
    ]
}

extension HTTPRequest {
    /// Why something is done; nil where nothing is said.
    var reason: String? { target.item("reason").flatMap { $0.isEmpty ? nil : $0 } }
}
