import IRCProtocol
import MainLoop
import Store

/// What a program sees of an account.
package struct AccountView: Sendable, Encodable, Equatable {
    package let name: String
    package let did: String?
    /// RFC 3339.
    package let created_at: String
    package let last_login_at: String?
    package let has_password: Bool
    package let is_operator: Bool
    package let is_suspended: Bool
    package let suspension_reason: String?
    /// The nicknames of those who are here with it.
    package let nicks: [String]
}

extension World {
    /// All accounts, by folded name.
    package func accountViews(_ page: PageRequest) async throws -> Page<AccountView> {
        let found = try await services.accounts.list(after: page.after, limit: page.limit + 1)
        let shown = found.prefix(page.limit)
        return Page(shown.map(view), next: found.count > page.limit ? shown.last?.name.lowercasedASCII : nil)
    }

    /// Nil when there is none of this name.
    package func accountView(_ name: String) async throws -> AccountView? {
        try await services.accounts.find(name: name).map(view)
    }

    private func view(_ account: AccountRecord) -> AccountView {
        AccountView(
            name: account.name, did: account.did, created_at: ServerTime.format(account.createdAt),
            last_login_at: account.lastLoginAt.map(ServerTime.format), has_password: account.passwordHash != nil,
            is_operator: account.isOperator, is_suspended: account.isSuspended, suspension_reason: account.settings.suspensionReason,
            nicks: accounts[account.name].map(\.target).sorted())
    }
}
