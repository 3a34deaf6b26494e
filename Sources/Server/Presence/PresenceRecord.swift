import ATProto
import Accounts
import Foundation
import IRCProtocol
import MainLoop

/// Somebody who stays without a connection, as it is kept on disk.
struct PresenceRecord: Codable {
    var account: String
    var handle: String?
    var nick: String
    var user: String
    var realname: String
    /// The letters of its user modes.
    var modes: String
    var away: String?
    /// It is away because it has no connection.
    var isAutoAway = false
    /// Milliseconds since 1970.
    var signedOnAt: Int64
    /// When its last connection ended, milliseconds since 1970; nil while it has one.
    var leftAt: Int64?
    /// When each of its devices was here last, milliseconds since 1970.
    var devices: [String: Int64] = [:]
    /// The letters of its ranks, by the name of the channel.
    var channels: [String: String]
    /// The masks of its SILENCE list. Records of before have none.
    var silence: [String]?
    /// Its ACCEPT list. Records of before have none.
    var accepted: [AcceptList.Entry]?
}

extension Client {
    /// Modes that are not taken over from disk: the account says who is an operator.
    private static let unkeptModes: Set<UserMode> = [.oper, .registered, .serverNotices]

    /// Nil for a guest.
    var presenceRecord: PresenceRecord? {
        guard let identity, let nick else { return nil }
        let ranks = channels.values.map { channel in
            (channel.name.text, String(MemberRank.allCases.filter { channel[self]?.ranks.contains($0) == true }.map(\.mode.rawValue)))
        }
        return PresenceRecord(
            account: identity.account, handle: identity.handle?.text, nick: nick.text, user: user, realname: realname,
            modes: String(UserMode.allCases.filter { modes.contains($0) && !Self.unkeptModes.contains($0) }.map(\.rawValue)), away: away,
            isAutoAway: isAutoAway, signedOnAt: signedOnAt, leftAt: leftAt, devices: devices.times,
            channels: Dictionary(ranks, uniquingKeysWith: { first, _ in first }), silence: silence.masks.map(\.text),
            accepted: accepted.lasting)
    }

    /// As it was when it was kept; without a connection.
    convenience init?(_ record: PresenceRecord, _ identity: Identity, world: World) {
        guard let nick = Nickname(record.nick, limit: .max) else { return nil }
        self.init(id: world.randomness.next(), address: "0.0.0.0", world: world, signedOnAt: record.signedOnAt)
        self.identity = identity
        self.nick = nick
        (user, realname, host) = (record.user, record.realname, world.host(for: identity))
        for mode in record.modes.compactMap({ UserMode(rawValue: $0) }) where !Self.unkeptModes.contains(mode) { modes.set(mode, true) }
        (away, isAutoAway, leftAt) = (record.away, record.isAutoAway, record.leftAt ?? world.clock.wallMilliseconds)
        devices.times = record.devices
        silence = SilenceList((record.silence ?? []).prefix(world.configuration.limits.silence).compactMap { BanMask($0) })
        accepted = AcceptList(Array((record.accepted ?? []).prefix(world.configuration.limits.accept)))
    }
}

/// When each device of a person was here last. The one that was away for longest gives way to a new one.
struct Devices {
    static let limit = 64

    /// Milliseconds since 1970, by the name of the device.
    var times: [String: Int64] = [:]

    mutating func left(_ device: String, at time: Int64) {
        times[device] = time
        if times.count > Self.limit, let oldest = times.min(by: { $0.value < $1.value })?.key { times[oldest] = nil }
    }
}
