import Foundation
import IRCProtocol
import MainLoop
import Store

/// A channel as it is kept on disk; also the mark of a name that nobody may use.
struct ChannelRecord: Codable {
    var name: String
    /// Seconds since 1970.
    var createdAt: Int64
    var topic: Topic?
    var modes = ChannelModes()
    var metadata: [String: String] = [:]
    var registration: ChannelRegistration?
    var history: ChannelHistory?
    var pins: [Pin]?
    /// Why and by whom the name was closed; then nothing else counts.
    var purge: Purge?
}

/// Why nobody may use the name of a channel (`PURGE`).
struct Purge: Codable, Sendable {
    var name: String
    var reason: String
    var setBy: String
    /// Seconds since 1970.
    var setAt: Int64
}

/// What a channel says of its own history; nil in a field: as the server does.
struct ChannelHistory: Codable, Sendable, Equatable {
    var isOn: Bool?
    /// The most messages that are kept.
    var messages: Int?
    /// After how many days they are deleted.
    var days: Int?
}

extension Channel {
    var record: ChannelRecord {
        ChannelRecord(
            name: name.text, createdAt: createdAt, topic: topic, modes: modes, metadata: metadata.values, registration: registration,
            history: history, pins: pins)
    }

    /// Nil when the name is none, in a record that another version wrote.
    convenience init?(_ record: ChannelRecord) {
        guard let name = ChannelName(record.name, limit: .max) else { return nil }
        self.init(name: name, createdAt: record.createdAt)
        topic = record.topic
        modes = record.modes
        metadata.adopt(record.metadata)
        registration = record.registration
        history = record.history ?? ChannelHistory()
        pins = record.pins ?? []
    }

    /// Whether it outlives its members and a restart: it is somebody's own, an operator made it permanent, or somebody is in it
    /// who stays without a connection.
    var isKept: Bool {
        registration != nil || modes.contains(.permanent) || members.contains { $0.client.staysOn }
    }
}

extension World {
    /// How much each channel keeps that says so itself, by conversation.
    package var historyRules: [String: (messages: Int?, days: Int?)] {
        var rules: [String: (messages: Int?, days: Int?)] = [:]
        for channel in channels.values where channel.history.messages != nil || channel.history.days != nil {
            rules[Conversation.channel(channel.name.folded)] = (channel.history.messages, channel.history.days)
        }
        return rules
    }
}
