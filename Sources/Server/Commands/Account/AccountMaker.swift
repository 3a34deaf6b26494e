import Accounts
import Foundation
import IRCProtocol
import Store

/// Makes accounts with a password, off the loop: at once, or after a code that is sent by mail has come back.
struct AccountMaker: Sendable {
    enum Outcome: Sendable {
        case made(Identity)
        /// A code is on its way to the address.
        case codeSent(to: String)
        case refused(AccountRequest.Refusal)
    }

    let services: World.Services
    let network: String
    /// Milliseconds since 1970.
    let now: Int64

    /// An account that waits for its code.
    private struct Pending: Codable {
        var name: String
        var passwordHash: String
        var scramVerifier: String?
        var email: String
        /// The hash of the invite code; nil: none was needed.
        var invite: Data?
    }

    /// - Parameter needsCode: whether the address has to be proved first.
    func make(_ request: AccountRequest, needsCode: Bool) async -> Outcome {
        await guarded {
            guard try await services.accounts.find(name: request.name.text) == nil else { return Self.exists }
            // First of all: who has no code learns nothing about the addresses of others.
            if let invite = request.invite, try await !services.accounts.isInvited(hash: invite, now: now) { return Self.notInvited }
            if let email = request.email, try await services.accounts.isKnown(email: email) { return Self.addressTaken }
            var record = AccountRecord(
                name: request.name.text, passwordHash: try await services.hasher.hash(request.password), createdAt: now)
            record.scramVerifier = try await services.hasher.scramVerifier(for: request.password)
            (record.settings.email, record.settings.emailIsProved) = (request.email, request.email.map { _ in false })
            if needsCode, let email = request.email { return try await askForCode(record, email, invite: request.invite) }
            return try await create(record, invite: request.invite)
        }
    }

    /// Makes the account that waits for this code.
    func verify(_ name: String, _ code: String) async -> Outcome {
        await guarded {
            let typed = MailedCode(.registration, ofAccount: name, hash: TypedCode.hash(code))
            guard let document = try await services.accounts.document(of: typed, now: now),
                let pending = try? JSONDecoder().decode(Pending.self, from: document)
            else { return Self.wrongCode }
            var record = AccountRecord(name: pending.name, passwordHash: pending.passwordHash, createdAt: now)
            record.scramVerifier = pending.scramVerifier
            (record.settings.email, record.settings.emailIsProved) = (pending.email, true)
            switch try await services.accounts.create(record, confirmedBy: typed, invitedBy: pending.invite, now: now) {
            case .created: return Self.made(record)
            case .void: return Self.wrongCode
            case .exists: return Self.exists
            case .addressTaken: return Self.addressTaken
            case .notInvited: return Self.notInvited
            }
        }
    }

    private func create(_ record: AccountRecord, invite: Data?) async throws -> Outcome {
        if let invite {
            switch try await services.accounts.create(record, invitedBy: invite, now: now) {
            case .created: break
            case .exists: return Self.exists
            case .notInvited: return Self.notInvited
            }
        } else {
            guard try await services.accounts.create(record) else { return Self.exists }
        }
        return Self.made(record)
    }

    private func askForCode(_ account: AccountRecord, _ email: String, invite: Data?) async throws -> Outcome {
        let name = account.name
        let pending = Pending(
            name: name, passwordHash: account.passwordHash ?? "", scramVerifier: account.scramVerifier, email: email, invite: invite)
        try await services.sendCode(
            .registration, ofAccount: name, to: email, doing: JSONEncoder().encode(pending), now: now,
            subject: "Your account on \(network)"
        ) { code in
            "Somebody, probably you, wants the account \(name) on \(network).\nTo confirm it, type on the server:\n\n"
                + "    /quote VERIFY \(name) \(code)\n\nThe code counts for one day. If it was not you, do nothing.\n"
        }
        return .codeSent(to: email)
    }

    private static func made(_ record: AccountRecord) -> Outcome {
        var identity = Identity(record)
        if let hash = record.passwordHash { identity.proof = .password(hash: hash) }
        return .made(identity)
    }

    private static var wrongCode: Outcome { .refused(.init(code: .invalidCode, text: "The code is wrong or too old")) }

    private static var addressTaken: Outcome {
        .refused(.init(code: .unacceptableEmail, text: "This address belongs to another account"))
    }

    private static var exists: Outcome { .refused(.init(code: .accountExists, text: "This account name is taken")) }

    private static var notInvited: Outcome {
        .refused(.init(code: .invalidCode, text: "The invite code is unknown, used up or too old"))
    }

    private func guarded(_ body: () async throws -> Outcome) async -> Outcome {
        do {
            return try await body()
        } catch let refusal as CodeRefusal {
            return .refused(.init(code: .temporarilyUnavailable, text: refusal.description))
        } catch {
            return .refused(.init(code: .temporarilyUnavailable, text: "Accounts cannot be made now, try again in a moment"))
        }
    }
}
