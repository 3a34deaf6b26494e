import IRCProtocol
import MainLoop
import Store

/// What a program reads of something that was done with the powers of an operator.
package struct AuditView: Sendable, Encodable, Equatable {
    package let id: Int64
    /// RFC 3339.
    package let time: String
    /// As in the log: `operator.kill`.
    package let action: String
    package let actor: String
    package let account: String?
    package let target: String
    package let reason: String
    package let details: [String: String]
    /// `done`, `refused` or `failed`.
    package let outcome: String
}

extension World {
    /// What operators did, the newest first.
    ///
    /// - Parameter number: that of the last entry of the page before; nil: from the newest.
    package func auditViews(limit: Int, before number: Int64?) async throws -> Page<AuditView> {
        await lastAudit?.value
        let found = try await services.audit.newest(limit + 1, before: number)
        let shown = found.prefix(limit).map { record in
            AuditView(
                id: record.id, time: ServerTime.format(record.time), action: record.action, actor: record.actor, account: record.account,
                target: record.target, reason: record.reason, details: record.details, outcome: record.outcome.rawValue)
        }
        return Page(shown, next: found.count > limit ? shown.last.map { String($0.id) } : nil)
    }
}
