import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Store

/// The logins of an account, for whoever shows one of its broker tokens (`Authorization: Bearer`).
extension Router {
    private struct Listed: Encodable {
        struct Login: Encodable {
            let id: String
            let number: Int
            let name: String?
            let address: String?
            let agent: String?
            /// RFC 3339.
            let created_at: String
            let used_at: String
            /// `live` or `ended`.
            let state: String
            let reason: String?
            let current: Bool
        }

        let sessions: [Login]
    }

    private struct Ended: Encodable {
        let ended: Int
    }

    private struct Name: Decodable {
        let name: String
    }

    /// `GET /api/v1/account/sessions`.
    func listWebLogins(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asOwner(request) { token in
            let own = try await self.broker.webLogins(brokerToken: token)
            return try .json(
                Listed(
                    sessions: own.all.map { login in
                        Listed.Login(
                            id: login.id, number: login.number, name: login.name, address: login.place.address, agent: login.place.agent,
                            created_at: Self.text(login.createdAt), used_at: Self.text(login.usedAt),
                            state: login.endedBecause == nil ? "live" : "ended", reason: login.endedBecause,
                            current: login.id == own.current)
                    }))
        }
    }

    /// `DELETE /api/v1/account/sessions`, all; with `?except=current` all others.
    func endWebLogins(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asOwner(request) { token in
            let exceptCurrent = request.target.item("except") == "current"
            return try .json(Ended(ended: try await self.broker.endWebLogins(exceptCurrent: exceptCurrent, brokerToken: token)))
        }
    }

    /// `DELETE /api/v1/account/sessions/{id}`.
    func endWebLogin(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asOwner(request) { token in
            let isEnded = try await self.broker.endWebLogin(request.target.pathPart(4) ?? "", brokerToken: token)
            return isEnded ? HTTPResponse(.noContent) : try .problem(.notFound, "There is no such session")
        }
    }

    /// `PATCH /api/v1/account/sessions/{id}` with `{"name": "my phone"}`; an empty name takes it away.
    func nameWebLogin(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asOwner(request) { token in
            // Whose it is comes before what is wanted.
            _ = try await self.broker.person(brokerToken: token)
            guard let typed = request.json(Name.self)?.name else {
                return try .problem(.badRequest, "The body must be a JSON object with the member name, sent as application/json")
            }
            let name = WebLogin.name(typed)
            guard typed.isEmpty || name != nil else {
                return try .problem(.badRequest, "A name has at most \(WebLogin.nameLimit) bytes and no control characters")
            }
            let isNamed = try await self.broker.nameWebLogin(request.target.pathPart(4) ?? "", as: name, brokerToken: token)
            return isNamed ? HTTPResponse(.noContent) : try .problem(.notFound, "There is no such session")
        }
    }

    /// `POST /auth/logout`: ends the session of the token that is shown, here and at its server.
    func logOut(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asOwner(request) { token in
            try await self.broker.logOut(brokerToken: token)
            return HTTPResponse(.noContent)
        }
    }
}
