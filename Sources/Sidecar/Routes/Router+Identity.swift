import Broker
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// The account itself and the identity that is linked to it, for its owner.
extension Router {
    private struct Shown: Encodable {
        let account: String
        let did: String?
        let handle: String?
        /// Whether the identity is linked to an account that has a name of its own, so that it can be taken off.
        let linked: Bool
    }

    /// `GET /api/v1/account`.
    func showAccount(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asAccountOwner(request) { owner in
            let own = try await self.server.ownAccount(of: owner)
            return try .json(Shown(account: own.name, did: own.did, handle: own.handle, linked: own.isLinked))
        }
    }

    /// `DELETE /api/v1/account/identity`: what rests on the identity ends.
    func unlinkIdentity(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asAccountOwner(request) { owner in
            switch try await self.server.unlinkIdentity(of: owner) {
            case .unlinked: return HTTPResponse(.noContent)
            case .nothing: return try .problem(.notFound, "No identity is linked to the account")
            case .onlyWay: return try .problem(.conflict, Self.nothingElse)
            }
        }
    }

    /// `POST /account/identity/end`. The login that the page rests on ends with it.
    func unlinkOnPage(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await fromAccountPage(request) { token in
            switch try await self.server.unlinkIdentity(of: .identity(try await self.broker.person(brokerToken: token))) {
            case .unlinked(let did): return self.leaveAccountPage("\(did) does not open the account any more, and you are signed out.")
            case .nothing: return .redirect(303, to: AccountPage.path)
            case .onlyWay: return try await self.accountPage(token, news: [.paragraph(Self.nothingElse + ".")], .conflict)
            }
        }
    }

    private static var nothingElse: String {
        "Nothing else opens the account: it needs a password (/msg NickServ PASSWD) or a certificate (/msg NickServ CERT ADD) first"
    }
}
