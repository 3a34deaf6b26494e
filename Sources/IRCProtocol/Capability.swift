/// The IRCv3 capabilities that the server offers.
package enum Capability: UInt8, CaseIterable, Sendable {
    case accountNotify, accountTag, awayNotify, batch, capNotify, chatHistory, chgHost, echoMessage, extendedJoin, inviteNotify
    case extendedMonitor
    case labeledResponse, messageTags, multiPrefix, sasl, serverTime, setName, userhostInNames

    /// Its name in `CAP LS`.
    package var name: String {
        switch self {
        case .accountNotify: "account-notify"
        case .accountTag: "account-tag"
        case .awayNotify: "away-notify"
        case .batch: "batch"
        case .capNotify: "cap-notify"
        case .chatHistory: "draft/chathistory"
        case .chgHost: "chghost"
        case .echoMessage: "echo-message"
        case .extendedJoin: "extended-join"
        case .extendedMonitor: "extended-monitor"
        case .inviteNotify: "invite-notify"
        case .labeledResponse: "labeled-response"
        case .messageTags: "message-tags"
        case .multiPrefix: "multi-prefix"
        case .sasl: "sasl"
        case .serverTime: "server-time"
        case .setName: "setname"
        case .userhostInNames: "userhost-in-names"
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
