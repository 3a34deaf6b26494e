import Accounts
import Foundation
import Store

/// Decides who may operate the server, off the loop.
struct OperatorDesk: Sendable {
    static let claimKey = ServerStateStore.operatorClaim

    enum Verdict: Sendable {
        case password(Identity)
        case claimed(account: String)
        case claimedWithNewAccount(account: String, password: String)
        case refused(reason: String)

        /// It may have become wrong while it was judged.
        static let again = Verdict.refused(reason: OperatorDesk.again)
    }

    let services: World.Services
    /// Milliseconds since 1970.
    let now: Int64

    /// The password is tried first: whoever has failed too often gets no further, not even to a guess at the code.
    func judge(name: String, secret: String, account: String?, address: String) async -> Verdict {
        switch await services.authenticator.authenticate(.plain(account: name, password: secret), from: address) {
        case .success(let identity) where identity.devicePassword != nil:
            return .refused(reason: "The password of a device makes nobody an operator")
        case .success(let identity) where identity.isOperator: return .password(identity)
        case .success: return .refused(reason: "\(name) is not an operator of this server")
        case .failure(.rejected): break
        case .failure(let failure): return .refused(reason: Self.reason(failure))
        }
        do {
            return try await claim(secret, name: name, account: account) ?? .refused(reason: "Password incorrect")
        } catch PasswordHasher.Failure.busy {
            return .refused(reason: Self.reason(.busy))
        } catch {
            return .refused(reason: Self.reason(.unavailable))
        }
    }

    static let again = "This cannot be checked now, try again in a moment"

    private static func reason(_ failure: SASLFailure) -> String {
        switch failure {
        case .throttled: "Too many failed attempts, try again later"
        case .busy: "Too many logins at once, try again in a moment"
        case .suspended: "This account is suspended"
        default: again
        }
    }

    /// Uses the code up, once even when two come at the same time; nil when `secret` is not the code.
    private func claim(_ secret: String, name: String, account: String?) async throws -> Verdict? {
        guard let stored = try await services.state.get(Self.claimKey),
            try await services.hasher.verify(secret, String(decoding: stored, as: UTF8.self)),
            try await services.state.compareAndDelete(Self.claimKey, expected: stored)
        else { return nil }
        do {
            return try await appoint(name: name, account: account)
        } catch {
            // A code that bought nothing is not used up.
            try await services.state.set(Self.claimKey, stored)
            throw error
        }
    }

    private func appoint(name: String, account: String?) async throws -> Verdict {
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
