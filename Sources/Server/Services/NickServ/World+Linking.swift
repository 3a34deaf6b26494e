import ATProto
import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// Identities that open local accounts: how they come and go.
extension World {
    /// Makes `did`, which is proven, open the account that `session` is logged in to.
    func link(_ did: DID, _ handle: Handle?, to account: String, for session: Session) async -> BrowserLogin {
        switch try? await services.accounts.link(did: did.text, toAccount: account) {
        // It may have been thrown out, or become somebody else, while that was stored.
        case .linked where !Permissions.link(to: account, by: session): return await takeBack(did, from: account)
        case .linked: break
        case .closed: return .refused("The account \(account) is closed.")
        case .occupied: return .refused("Another identity is linked to the account \(account); /msg NickServ UNLINK takes it off.")
        case .taken(let owner) where owner == did.text:
            return .refused(
                "\(handle?.text ?? owner) has an account of its own here. Log in with it and delete that (/msg NickServ UNREGISTER), "
                    + "then link it.")
        case .taken(let owner): return .refused("\(handle?.text ?? did.text) is linked to the account \(owner) already.")
        case nil: return .refused("This could not be stored; try again in a moment.")
        }
        // Logins that are judged just now do not know of it.
        closings += 1
        logger.notice("account.link", metadata: ["account": "\(account)", "did": "\(did)", "by": "\(session.client.source)"])
        for client in everybody(where: { $0.isLocal && CaseMapping.fold($0.account) == CaseMapping.fold(account) }) {
            let before = client.identity
            client.identity?.did = did
            client.identity?.handle = handle
            identityChanged(of: client, before: before)
            client.send(
                Line(
                    configuration.name, "NOTICE", [client.target],
                    text: "\(did)\(handle.map { " (@\($0))" } ?? "") is linked to your account \(account)"))
        }
        return .linked(account: account)
    }

    /// A DID was linked for a connection that may not have it so any more: it is taken off again.
    private func takeBack(_ did: DID, from account: String) async -> BrowserLogin {
        do {
            try await services.accounts.takeBack(did: did.text, fromAccount: account)
            closings += 1
            separate(did, reason: "\(did) is not linked to \(account) any more")
        } catch {
            logger.error("account.link_not_undone", metadata: ["account": "\(account)", "did": "\(did)", "error": "\(error)"])
        }
        return .refused(Self.connectionIsGone)
    }

    /// A DID does not open a local account any more.
    func unlinked(_ did: DID, from account: String) {
        closings += 1
        exports.forget(account)
        let (webLogins, logger) = (services.webLogins, logger)
        separate(did, reason: "\(did) is not linked to \(account) any more")
        job {
            do {
                _ = try await webLogins?.endWebLogins(of: did, reason: "the identity was unlinked")
            } catch {
                logger.error("account.logins_not_ended", metadata: ["account": "\(account)", "did": "\(did)", "error": "\(error)"])
            }
        } then: {
        }
    }

    /// Closes the connections to local accounts that rest on `did`. The accounts, and what was logged in to them otherwise, stay
    /// without it.
    func separate(_ did: DID, reason: String) {
        for client in everybody(where: { $0.isLocal && $0.did == did }) {
            for session in client.sessions where session.proof == .identity { doom(session, .killed(reason)) }
            let before = client.identity
            client.identity?.did = nil
            client.identity?.handle = nil
            identityChanged(of: client, before: before)
        }
    }

    /// Those whose identity `isMeant`, those who still register too.
    private func everybody(where isMeant: (Identity) -> Bool) -> [Client] {
        (Array(clients.values) + sessions.values.lazy.filter { !$0.isRegistered }.map(\.client))
            .filter { $0.identity.map(isMeant) == true }
    }

    /// Does what follows from another DID or handle: who operates the server, who may be here, and in which channels.
    private func identityChanged(of client: Client, before: Identity?) {
        updateOperator(client, before: before)
        guard client.isRegistered else { return }
        keep(client)
        guard remains(client) else { return }
        throwOutWhereUnwanted(client)
    }
}
