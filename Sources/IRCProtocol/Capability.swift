/// The IRCv3 capabilities that the server offers.
package enum Capability: UInt8, CaseIterable, Sendable {
    // In this order they stand in `CAP LS`: the ratified ones first, for clients that read only the first line.
    case accountNotify, accountTag, awayNotify, batch, capNotify, chgHost, echoMessage, extendedJoin, inviteNotify
    case labeledResponse, messageTags, multiPrefix, sasl, serverTime, setName, userhostInNames
    case extendedMonitor, noImplicitNames, standardReplies
    case accountRegistration, channelRename, chatHistory, eventPlayback, extendedISupport, messageRedaction, metadata2, metadata3,
        multiline,
        noImplicitNamesDraft
    case operTag, persistence, preAway, readMarker
    case relayMessage, whoAmI
    case authToken, webPush, webPushSoju
    case search, playback, selfMessage

    /// Its name in `CAP LS`.
    package var name: String {
        switch self {
        case .accountNotify: "account-notify"
        case .accountRegistration: "draft/account-registration"
        case .authToken: "draft/authtoken"
        case .accountTag: "account-tag"
        case .awayNotify: "away-notify"
        case .batch: "batch"
        case .capNotify: "cap-notify"
        case .channelRename: "draft/channel-rename"
        case .chatHistory: "draft/chathistory"
        case .chgHost: "chghost"
        case .echoMessage: "echo-message"
        case .eventPlayback: "draft/event-playback"
        case .extendedJoin: "extended-join"
        case .extendedISupport: "draft/extended-isupport"
        case .extendedMonitor: "extended-monitor"
        case .inviteNotify: "invite-notify"
        case .labeledResponse: "labeled-response"
        case .messageRedaction: "draft/message-redaction"
        case .messageTags: "message-tags"
        case .metadata2: "draft/metadata-2"
        case .metadata3: "draft/metadata-3"
        case .multiline: "draft/multiline"
        case .multiPrefix: "multi-prefix"
        case .noImplicitNames: "no-implicit-names"
        case .noImplicitNamesDraft: "draft/no-implicit-names"
        case .operTag: "draft/oper-tag"
        case .persistence: "draft/persistence"
        case .preAway: "draft/pre-away"
        case .relayMessage: "draft/relaymsg"
        case .readMarker: "draft/read-marker"
        case .sasl: "sasl"
        case .search: "soju.im/search"
        case .playback: "znc.in/playback"
        case .selfMessage: "znc.in/self-message"
        case .serverTime: "server-time"
        case .setName: "setname"
        case .standardReplies: "standard-replies"
        case .userhostInNames: "userhost-in-names"
        case .webPush: "draft/webpush"
        case .webPushSoju: "soju.im/webpush"
        case .whoAmI: "draft/whoami"
        }
    }

    package init?(name: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

/// The capabilities one client has enabled.
package struct CapabilitySet: Sendable, Equatable {
    private var bits: UInt64 = 0

    package init() {}

    package func contains(_ capability: Capability) -> Bool {
        bits & 1 << UInt64(capability.rawValue) != 0
    }

    package mutating func insert(_ capability: Capability) {
        bits |= 1 << UInt64(capability.rawValue)
    }

    package mutating func remove(_ capability: Capability) {
        bits &= ~(1 << UInt64(capability.rawValue))
    }

    /// Those in the set, in the order of `CAP LS`.
    package var all: [Capability] { Capability.allCases.filter(contains) }
}
