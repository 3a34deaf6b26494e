import IRCProtocol
import MainLoop
import Store

/// What a program sees of a ban of the server, or of an exemption from them.
package struct BanView: Sendable, Encodable, Equatable {
    package let id: Int64
    package let mask: String
    /// `reject`, `require-login` or `exempt`.
    package let action: String
    package let reason: String
    package let operator_reason: String
    package let set_by: String
    /// RFC 3339.
    package let set_at: String
    package let expires_at: String?
}

extension BanView {
    init(_ record: ServerBanRecord) {
        (id, mask, action) = (record.id, record.mask, record.action)
        (reason, operator_reason, set_by) = (record.reason, record.operatorReason, record.setBy)
        (set_at, expires_at) = (ServerTime.format(record.setAt), record.expiresAt.map(ServerTime.format))
    }
}

extension World {
    /// The ban or exemption with this number; nil when there is none.
    package func banView(_ number: Int64) -> BanView? { serverBans[number].map { BanView($0.record) } }

    /// All bans and exemptions, in the order in which they were set.
    ///
    /// - Parameter number: the number of the last one before the page; nil: from the start.
    package func banViews(limit: Int, after number: Int64?) -> Page<BanView> {
        expireBans()
        let rest = serverBans.all.filter { $0.record.id > number ?? 0 }
        let shown = rest.prefix(limit).map { BanView($0.record) }
        return Page(shown, next: rest.count > limit ? shown.last.map { String($0.id) } : nil)
    }
}
