import Accounts
import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// `OPER` (modern-irc "OPER message"): the password of a local account that may operate the server, or the one-time code with
/// which the first operator claims it.
@LoopActor
func oper(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let (name, secret) = (context.message[0] ?? "", context.message[1] ?? "")
    let desk = OperatorDesk(services: world.services, now: world.clock.wallMilliseconds)
    let (account, address) = (client.identity?.account, AddressGroup(client.connection.peer.address).key)
    context.wait {
        await desk.judge(name: name, secret: secret, account: account, address: address)
    } then: { verdict in
        switch verdict {
        case .password(let account):
            world.audit("operator.login", by: client, ["operator": "\(account)"])
            context.becomeOperator()
        case .claimed(let account):
            world.audit("operator.claim", by: client, ["operator": "\(account)"])
            client.identity?.isOperator = true
            context.becomeOperator()
            context.notice("This server is yours: \(account) is its operator from now on.")
        case .claimedWithNewAccount(let account, let password):
            world.audit("operator.claim", by: client, ["operator": "\(account)"])
            context.becomeOperator()
            context.notice("This server is yours. Your account is \(account), its password is \(password)")
            context.notice("Write it down, it is not shown again. From now on: /OPER \(account) <password>, or log in with SASL PLAIN.")
        case .refused(let reason):
            world.audit("operator.refused", by: client, ["operator": "\(name.prefix(64))"])
            context.reply(.passwordMismatch, text: reason)
        }
    }
}

extension CommandContext {
    fileprivate func becomeOperator() {
        client.modes.set(.oper, true)
        reply(.youAreOper, text: "You are now an IRC operator")
        client.send(world.event("MODE", [client.target], text: "+o"))
    }
}

/// Decides who may operate the server, off the loop.
struct OperatorDesk: Sendable {
    /// Where the hash of the one-time code waits for whoever claims the server.
    static let claimKey = "operator.claim"

    enum Verdict: Sendable {
        case password(account: String)
        case claimed(account: String)
        case claimedWithNewAccount(account: String, password: String)
        case refused(reason: String)
    }

    let services: World.Services
    /// Milliseconds since 1970.
    let now: Int64

    func judge(name: String, secret: String, account: String?, address: String) async -> Verdict {
        do {
            if try await claims(secret) { return try await claim(name: name, account: account) }
            switch await services.authenticator.authenticate(.plain(account: name, password: secret), from: address) {
            case .success(let identity) where identity.isOperator: return .password(account: identity.account)
            case .success: return .refused(reason: "\(name) is not an operator of this server")
            case .failure(let failure) where failure == .rejected: return .refused(reason: "Password incorrect")
            case .failure(let failure): return .refused(reason: failure.text)
            }
        } catch PasswordHasher.Failure.busy {
            return .refused(reason: "Too many logins at once, try again in a moment")
        } catch {
            return .refused(reason: "This cannot be checked now, try again in a moment")
        }
    }

    /// Whether `secret` is the code; it is used up then, also when two come at once.
    private func claims(_ secret: String) async throws -> Bool {
        guard let stored = try await services.state.get(Self.claimKey) else { return false }
        guard try await services.hasher.verify(secret, String(decoding: stored, as: UTF8.self)) else { return false }
        return try await services.state.compareAndDelete(Self.claimKey, expected: stored)
    }

    private func claim(name: String, account: String?) async throws -> Verdict {
        if let account {
            try await services.accounts.setOperator(true, name: account)
            return .claimed(account: account)
        }
        let password = (0..<20).map { _ in String("abcdefghjkmnpqrstuvwxyz23456789".randomElement() ?? "x") }.joined()
        let hash = try await services.hasher.hash(password)
        var free = AccountName(name)?.text ?? "owner"
        for number in 2... {
            let record = AccountRecord(name: free, passwordHash: hash, isOperator: true, createdAt: now)
            if try await services.accounts.create(record) { break }
            free = "owner\(number)"
        }
        return .claimedWithNewAccount(account: free, password: password)
    }
}
