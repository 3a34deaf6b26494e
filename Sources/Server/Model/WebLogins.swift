package import ATProto
import Accounts
import MainLoop
package import Store

/// The logins that the broker keeps, as far as the people on the server deal with them.
package protocol WebLogins: Sendable {
    /// All of an account, those that are over too.
    func webLogins(of did: DID) async throws -> [WebLogin]

    /// Gives one another name, or takes it away; false when there is no such login.
    func nameWebLogin(_ number: Int, of did: DID, as name: String?) async throws -> Bool

    /// Ends one, and the connections that rest on it; false when there is no such live login.
    func endWebLogin(_ number: Int, of did: DID, reason: String) async throws -> Bool

    /// Ends all of them; returns how many were live.
    func endWebLogins(of did: DID, reason: String) async throws -> Int

    /// Why nobody can log in as `name` (a handle, a DID or a PDS), as far as looking it up tells; nil: somebody can.
    func refusal(ofLogin name: String) async -> String?
}

extension World.Services {
    /// Ends all logins of an account on the web, as far as it has any.
    func endWebLogins(of account: AccountRecord, reason: String) async {
        guard let did = account.did.flatMap({ DID($0) }) else { return }
        _ = try? await webLogins?.endWebLogins(of: did, reason: reason)
    }
}

extension World {
    /// Closes the connections that rest on logins which are over.
    package func webLoginsEnded(_ ids: Set<String>, reason: String) {
        // A connection may be about to log in with a token of one of them.
        closings += 1
        for session in sessions.values where session.webLogin.map(ids.contains) == true {
            if let account = session.client.identity?.account { exports.forget(account) }
            doom(session, .killed("Your login is over: \(reason)"))
        }
    }
}
