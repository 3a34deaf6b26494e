import IRCProtocol
import Logging

/// What operators can be told of while it happens. The raw value is the name of the event in the log.
enum ServerEvent: String, CaseIterable {
    case connected = "client.connected"
    case quit = "client.quit"
    case nickChanged = "client.nick"
    case cut = "client.cut"
    case refused = "client.refused"
    case banKeptOut = "ban.kept_out"
    case listed = "dnsbl.listed"
    case banAdded = "ban.added"
    case banExempted = "ban.exempted"
    case banRemoved = "ban.removed"
    case filterHit = "filter.hit"
    case filterAdded = "filter.added"
    case filterRemoved = "filter.removed"
    case defcon = "defcon.changed"
    case kill = "operator.kill"
    case login = "operator.login"
    case claim = "operator.claim"
    case loginRefused = "operator.refused"
    case removed = "operator.removed"
    case forcedJoin = "operator.sajoin"
    case forcedPart = "operator.sapart"
    case forcedNick = "operator.sanick"
    case forcedMode = "operator.samode"
    case wallops = "operator.wallops"
    case rehash = "operator.rehash"
    case restart = "operator.restart"
    case die = "operator.die"
    case drained = "server.drain"
    case reloaded = "settings.reloaded"
    case actedFor = "service.for"
    case accountMade = "account.made"
    case accountPassword = "account.password"
    case accountSuspended = "account.suspend"
    case accountUnsuspended = "account.unsuspend"
    case accountDeleted = "account.delete"
    case accountUnlinked = "account.unlink"
    case accountLoggedOut = "account.logout"
    case hostSet = "host.set"
    case hostDeleted = "host.delete"
    case channelUnregistered = "channel.unregister"
    case channelTransferred = "channel.transfer"
    case channelPurged = "channel.purge"
    case channelUnpurged = "channel.unpurge"
    case channelChanged = "channel.changed"
    case messageDeleted = "history.delete"
    case historyForgotten = "history.forget"

    /// How it is logged, where ``World/announce(_:_:_:)`` does that.
    var level: Logger.Level {
        switch self {
        case .connected, .quit, .nickChanged, .cut, .refused: .debug
        case .banKeptOut, .accountMade: .info
        default: .notice
        }
    }

    /// In which masks it is.
    var kind: NoticeKind {
        switch self {
        case .connected: .connects
        case .quit: .quits
        case .nickChanged: .nicks
        case .cut: .flood
        case .refused, .banKeptOut, .listed: .blocks
        case .banAdded, .banExempted, .banRemoved, .filterAdded, .filterRemoved: .bans
        case .filterHit: .messages
        case .defcon, .rehash, .restart, .die, .drained, .reloaded: .server
        case .kill: .kills
        case .login, .claim, .loginRefused, .removed, .forcedJoin, .forcedPart, .forcedNick, .forcedMode, .wallops, .messageDeleted: .opers
        case .actedFor, .accountMade, .accountPassword, .accountSuspended, .accountUnsuspended, .accountDeleted, .accountUnlinked,
            .accountLoggedOut, .hostSet, .hostDeleted, .historyForgotten:
            .accounts
        case .channelUnregistered, .channelTransferred, .channelPurged, .channelUnpurged, .channelChanged: .channels
        }
    }
}
