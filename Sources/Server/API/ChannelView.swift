import Accounts
import IRCProtocol
import MainLoop
package import Store

/// What a program sees of a channel.
package struct ChannelView: Sendable, Encodable, Equatable {
    package struct Topic: Sendable, Encodable, Equatable {
        package let text: String
        package let set_by: String
        /// RFC 3339.
        package let set_at: String
    }

    package let name: String
    /// RFC 3339.
    package let created_at: String
    package let topic: Topic?
    /// As MODE tells them; a key is shown as `*`.
    package let modes: String
    package let members: Int
    /// The account that it belongs to; nil: it is nobody's.
    package let founder: String?
}

/// What a program sees of somebody in a channel.
package struct MemberView: Sendable, Encodable, Equatable {
    package let nick: String
    package let account: String?
    /// `founder`, `admin`, `op`, `halfop` and `voice`, as far as it has them.
    package let ranks: [String]
    package let is_operator: Bool
    package let is_bot: Bool
    package let away: String?
}

extension World {
    /// The channels that the token may read of, by folded name.
    package func channelViews(_ page: PageRequest, for token: APIToken) -> Page<ChannelView> {
        let seen = channels.lazy.filter { TokenPermissions.use(token, for: .channelsRead, in: $0.key) }
        return Page(seen.map(\.value), page) { $0.name.folded }.map(view)
    }

    /// Nil when there is no such channel, or the token may not read of it.
    ///
    /// - Parameter name: with or without `#`.
    package func channelView(_ name: String, for token: APIToken) -> ChannelView? {
        channel(name, for: token, .channelsRead).map(view)
    }

    /// Who is in a channel, by folded nickname; nil when there is no such channel, or the token may not read of it.
    package func memberViews(of name: String, _ page: PageRequest, for token: APIToken) -> Page<MemberView>? {
        guard let channel = channel(name, for: token, .channelsRead) else { return nil }
        return Page(channel.members, page) { $0.client.nick?.folded ?? "" }.map { member in
            let client = member.client
            return MemberView(
                nick: client.target, account: client.identity?.account,
                ranks: MemberRank.allCases.reversed().filter(member.ranks.contains).map(\.name), is_operator: client.isOperator,
                is_bot: client.modes.contains(.bot), away: client.away)
        }
    }

    /// The channel of this name if the token may be used for it.
    ///
    /// - Parameter name: with or without `#`.
    func channel(_ name: String, for token: APIToken, _ scope: APIScope) -> Channel? {
        let folded = CaseMapping.fold(name)
        guard let channel = channels[folded] ?? channels["#" + folded],
            TokenPermissions.use(token, for: scope, in: channel.name.folded)
        else { return nil }
        return channel
    }

    func view(_ channel: Channel) -> ChannelView {
        ChannelView(
            name: channel.name.text, created_at: ServerTime.format(channel.createdAt * 1000),
            topic: channel.topic.map { .init(text: $0.text, set_by: $0.setBy, set_at: ServerTime.format($0.setAt * 1000)) },
            modes: channel.modes.text(showingKey: false).joined(separator: " "), members: channel.members.count,
            founder: channel.registration?.founder)
    }
}

extension MemberRank {
    /// As programs read it.
    var name: String {
        switch self {
        case .voice: "voice"
        case .halfop: "halfop"
        case .op: "op"
        case .admin: "admin"
        case .founder: "founder"
        }
    }
}
