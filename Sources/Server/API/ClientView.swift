import ATProto
import Accounts
import IRCProtocol
import MainLoop
package import Store

/// What a program sees of somebody who is here.
package struct ClientView: Sendable, Encodable, Equatable {
    package let nick: String
    package let user: String
    /// What others see in place of the address.
    package let host: String
    /// That of its newest connection, also when that is gone.
    package let address: String
    package let realname: String
    package let account: String?
    package let did: String?
    package let handle: String?
    package let is_operator: Bool
    package let is_bot: Bool
    package let is_secure: Bool
    /// Why it is away; nil: it is here.
    package let away: String?
    /// RFC 3339.
    package let signed_on_at: String
    /// 0 for those who stay without one.
    package let connections: Int
    /// Those that the token may read of, by name.
    package let channels: [String]
}

extension World {
    /// Everybody who is registered, by folded nickname.
    package func clientViews(_ page: PageRequest, for token: APIToken) -> Page<ClientView> {
        Page(clients.values, page) { $0.nick?.folded ?? "" }.map { view(of: $0, for: token) }
    }

    /// Nil when nobody of this nickname is here.
    package func clientView(_ nick: String, for token: APIToken) -> ClientView? {
        person(named: nick).map { view(of: $0, for: token) }
    }

    private func view(of client: Client, for token: APIToken) -> ClientView {
        let channels = client.channels.filter { TokenPermissions.use(token, for: .channelsRead, in: $0.key) }
        return ClientView(
            nick: client.target, user: client.user, host: client.host, address: client.address, realname: client.realname,
            account: client.identity?.account, did: client.identity?.did?.text, handle: client.identity?.handle?.text,
            is_operator: client.isOperator, is_bot: client.modes.contains(.bot), is_secure: client.isSecure, away: client.away,
            signed_on_at: ServerTime.format(client.signedOnAt), connections: client.sessions.count,
            channels: channels.values.map(\.name.text).sorted())
    }
}
