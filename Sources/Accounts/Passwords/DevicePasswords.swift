package import Store

/// Makes device passwords for accounts: over IRC, and for whoever else speaks for an account.
package struct DevicePasswords: Sendable {
    /// How many an account may have at once.
    package static let limit = 20
    /// How many an account may make in an hour.
    package static let hourlyLimit = 30
    /// The longest life that can be asked for, in days.
    package static let maximumDays = 3650

    package enum Outcome: Sendable, Equatable {
        /// It is told this once.
        case made(DevicePassword)
        /// The account has one of this name.
        case taken(name: String)
        case tooMany
        /// The account made many in this hour.
        case tooOften

        /// Why there is none, for people; nil when there is one.
        package var refusal: String? {
            switch self {
            case .made: nil
            case .taken(let name): "You have a device password called \(name) already"
            case .tooMany: "You have \(DevicePasswords.limit) device passwords, and more is not allowed"
            case .tooOften: "Not more than \(DevicePasswords.hourlyLimit) times an hour"
            }
        }
    }

    private let accounts: AccountStore
    private let hasher: PasswordHasher

    package init(accounts: AccountStore, hasher: PasswordHasher) {
        (self.accounts, self.hasher) = (accounts, hasher)
    }

    /// Whether a device may be called so: 1 to 32 ASCII letters, digits, `-`, `_` and `.`, and no dot first: `..` is no name in an
    /// address of the web.
    package static func isName(_ name: String) -> Bool {
        (1...32).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Makes one. Throws ``PasswordHasher/Failure`` and errors of the database.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func make(_ order: DevicePasswordOrder, account: String, now: Int64) async throws -> Outcome {
        let password = DevicePassword()
        let record = DevicePasswordRecord(
            id: password.id, name: order.name, hash: try await hasher.hash(password.text), createdAt: now,
            expiresAt: order.days.map { now + Int64($0) * 86_400_000 })
        return switch try await accounts.add(record, toAccount: account, limit: Self.limit) {
        case .added: .made(password)
        case .taken: .taken(name: order.name)
        case .tooMany: .tooMany
        }
    }
}
