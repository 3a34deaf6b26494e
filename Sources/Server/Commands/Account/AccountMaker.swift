import Accounts
import Crypto
import Foundation
import IRCProtocol
import Store

/// Makes accounts with a password, off the loop: at once, or after a code that is sent by mail has come back.
struct AccountMaker: Sendable {
    /// How long a code counts, in milliseconds.
    static let codeLife: Int64 = 86_400_000
    /// Accounts that may wait for their code.
    static let pendingLimit = 1000

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
        var codeHash: Data
        /// Milliseconds since 1970.
        var expiresAt: Int64
        var attempts = 0
    }

    /// - Parameter needsCode: whether the address has to be proved first.
    func make(_ request: AccountRequest, needsCode: Bool) async -> Outcome {
        await guarded {
            guard try await services.accounts.find(name: request.name.text) == nil else { return Self.exists }
            if let email = request.email, try await services.accounts.isKnown(email: email) {
                return .refused(.init(code: .unacceptableEmail, text: "This address belongs to another account"))
            }
            var record = AccountRecord(
                name: request.name.text, passwordHash: try await services.hasher.hash(request.password), createdAt: now)
            record.scramVerifier = try await services.hasher.scramVerifier(for: request.password)
            record.settings.email = request.email
            if needsCode, let email = request.email { return try await askForCode(record, email) }
            return try await create(record)
        }
    }

    /// Makes the account that waits for this code. A code can be tried five times.
    func verify(_ name: String, _ code: String) async -> Outcome {
        await guarded {
            let wrong = Outcome.refused(.init(code: .invalidCode, text: "The code is wrong or too old"))
            let key = CaseMapping.fold(name)
            guard let document = try await services.registrations.all()[key],
                var pending = try? JSONDecoder().decode(Pending.self, from: document), pending.expiresAt > now
            else { return wrong }
            guard Self.hash(code) == pending.codeHash else {
                pending.attempts += 1
                try await services.registrations.put([key: pending.attempts < 5 ? JSONEncoder().encode(pending) : nil])
                return wrong
            }
            try await services.registrations.put([key: nil])
            var record = AccountRecord(name: pending.name, passwordHash: pending.passwordHash, createdAt: now)
            record.scramVerifier = pending.scramVerifier
            record.settings.email = pending.email
            return try await create(record)
        }
    }

    private func create(_ record: AccountRecord) async throws -> Outcome {
        guard try await services.accounts.create(record) else { return Self.exists }
        return .made(Identity(record))
    }

    private func askForCode(_ account: AccountRecord, _ email: String) async throws -> Outcome {
        let name = account.name
        guard let mail = services.mail else { throw PasswordHasher.Failure.busy }
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let code = String((0..<12).map { _ in letters.randomElement() ?? "x" })
        let all = try await services.registrations.all()
        let expired = all.filter { _, document in
            (try? JSONDecoder().decode(Pending.self, from: document)).map { $0.expiresAt <= now } ?? true
        }
        try await services.registrations.put(expired.mapValues { _ in nil })
        guard all.count - expired.count < Self.pendingLimit else { throw PasswordHasher.Failure.busy }
        let record = Pending(
            name: name, passwordHash: account.passwordHash ?? "", scramVerifier: account.scramVerifier, email: email,
            codeHash: Self.hash(code), expiresAt: now + Self.codeLife)
        try await services.registrations.put([CaseMapping.fold(name): JSONEncoder().encode(record)])
        try await mail(
            email, "Your account on \(network)",
            "Somebody, probably you, wants the account \(name) on \(network).\nTo confirm it, type on the server:\n\n"
                + "    /quote VERIFY \(name) \(code)\n\nThe code counts for one day. If it was not you, do nothing.\n")
        return .codeSent(to: email)
    }

    private static var exists: Outcome { .refused(.init(code: .accountExists, text: "This account name is taken")) }

    private static func hash(_ code: String) -> Data { Data(SHA256.hash(data: Data(code.utf8))) }

    private func guarded(_ body: () async throws -> Outcome) async -> Outcome {
        do {
            return try await body()
        } catch {
            return .refused(.init(code: .temporarilyUnavailable, text: "Accounts cannot be made now, try again in a moment"))
        }
    }
}
