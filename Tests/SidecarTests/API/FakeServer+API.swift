import Foundation
import MainLoop
import Store

@testable import Server
@testable import Sidecar

/// One of everything: `ann` in `#c`, who said one thing there, and `#closed`, which only a token without channels sees.
extension FakeServer {
    static let ann = ClientView(
        nick: "ann", user: "~ann", host: "h.test", address: "192.0.2.7", realname: "Ann", account: "ann", did: "did:plc:alice",
        handle: "alice.test", is_operator: false, is_bot: false, is_secure: true, away: "lunch",
        signed_on_at: "2026-01-01T00:00:00.000Z", connections: 1, channels: ["#c"])
    static let channel = ChannelView(
        name: "#c", created_at: "2026-01-01T00:00:00.000Z",
        topic: .init(text: "hello", set_by: "ann!~ann@h.test", set_at: "2026-01-01T00:00:00.000Z"), modes: "+nt", members: 1,
        founder: "ann")
    static let member = MemberView(nick: "ann", account: "ann", ranks: ["op"], is_operator: false, is_bot: false, away: "lunch")
    static let account = AccountView(
        name: "ann", did: "did:plc:alice", created_at: "2026-01-01T00:00:00.000Z", last_login_at: "2026-01-01T00:00:00.000Z",
        has_password: true, is_operator: false, is_suspended: true, suspension_reason: "spam", nicks: ["ann"])
    static let ban = BanView(
        id: 7, mask: "192.0.2.0/24", action: "reject", reason: "spam", operator_reason: "", set_by: "root",
        set_at: "2026-01-01T00:00:00.000Z", expires_at: "2026-01-02T00:00:00.000Z")
    static let audit = AuditView(
        id: 9, time: "2026-01-01T00:00:00.000Z", action: "operator.kill", actor: "root!r@h", account: "root", target: "bob", reason: "spam",
        details: ["a": "b"], outcome: "done")
    static let server = ServerView(
        name: "irc.test", network: "TestNet", version: "1", started_at: "2026-01-01T00:00:00.000Z", clients: 1, clients_peak: 2,
        logged_in: 1, operators: 0, channels: 1, defcon: 5)

    static func message(_ id: String) -> MessageView {
        MessageView(
            StoredMessage(
                sequence: 1, id: id, conversation: "#c", time: 0, kind: .privmsg, source: "ann!~ann@h.test", account: "ann",
                tags: "+draft/reply=m0;+freeq.at/edited=1", text: .init("hi".utf8), recipient: nil), in: "#c")
    }

    func serverView() -> ServerView { Self.server }

    func clientViews(_ page: PageRequest, for token: APIToken) -> Page<ClientView> { onePage(Self.ann, page, key: "ann") }

    func clientView(_ nick: String, for token: APIToken) -> ClientView? { nick == "ann" ? Self.ann : nil }

    func channelViews(_ page: PageRequest, for token: APIToken) -> Page<ChannelView> { onePage(Self.channel, page, key: "#c") }

    func channelView(_ name: String, for token: APIToken) -> ChannelView? { name == "c" || name == "#c" ? Self.channel : nil }

    func memberViews(of name: String, _ page: PageRequest, for token: APIToken) -> Page<MemberView>? {
        channelView(name, for: token).map { _ in onePage(Self.member, page, key: "ann") }
    }

    func messageViews(of name: String, _ place: MessagePlace, limit: Int, for token: APIToken) async throws -> Page<MessageView>? {
        places.append(place)
        guard channelView(name, for: token) != nil else { return nil }
        if place == .after("gone") || place == .before("gone") { throw HistoryError.unknownMessage }
        return Page([Self.message("m1")], next: limit == 1 ? "m1" : nil)
    }

    func accountViews(_ page: PageRequest) async throws -> Page<AccountView> { onePage(Self.account, page, key: "ann") }

    func accountView(_ name: String) async throws -> AccountView? { name == "ann" ? Self.account : nil }

    func banViews(limit: Int, after number: Int64?) -> Page<BanView> {
        number.map { $0 >= 7 } == true ? Page([]) : Page([Self.ban], next: limit == 1 ? "7" : nil)
    }

    func banView(_ number: Int64) -> BanView? { number == 7 ? Self.ban : nil }

    func say(_ text: String, isNotice: Bool, in name: String, by token: APIToken) throws(ProgramRefusal) -> SaidView {
        guard channelView(name, for: token) != nil else { throw .noSuchChannel }
        switch text {
        case "": throw .senseless("text is empty")
        case "REFUSE": throw .refused("not here")
        case "FAST": throw .tooFast(wait: .seconds(2))
        default: acts.append("\(isNotice ? "notice" : "say") \(name) \(text) by \(token.name)")
        }
        return SaidView(id: "m2", time: "2026-01-01T00:00:00.000Z")
    }

    func setTopic(_ text: String, of name: String, by token: APIToken) throws(ProgramRefusal) -> ChannelView {
        guard channelView(name, for: token) != nil else { throw .noSuchChannel }
        acts.append("topic \(name) \(text) by \(token.name)")
        return Self.channel
    }

    func kick(_ nick: String, from name: String, reason: String?, by token: APIToken) throws(ProgramRefusal) {
        guard channelView(name, for: token) != nil else { throw .noSuchChannel }
        guard nick == "ann" else { throw .notInside }
        acts.append("kick \(nick) \(name) \(reason ?? "-") by \(token.name)")
    }

    func closableChannel(_ name: String, for token: APIToken) -> String? { name == "c" ? "#c" : nil }

    func disconnect(_ nick: String, reason: String?, by token: APIToken) throws(ProgramRefusal) {
        guard nick == "ann" else { throw .noSuchPerson }
        acts.append("disconnect \(nick) \(reason ?? "-") by \(token.name)")
    }

    func auditViews(limit: Int, before number: Int64?) async throws -> Page<AuditView> {
        number.map { $0 <= 9 } == true ? Page([]) : Page([Self.audit], next: limit == 1 ? "9" : nil)
    }

    /// With a limit of 1 it looks as if there were more.
    private func onePage<Item: Sendable>(_ item: Item, _ page: PageRequest, key: String) -> Page<Item> {
        page.after == nil ? Page([item], next: page.limit == 1 ? key : nil) : Page([])
    }
}
