extension Setting {
    static let limitKeys: [Setting] = [
        Setting(
            "limits", "connections_per_address", \.limits.connectionsPerAddress, .integer(0...100_000), .reload,
            "Connections from one IPv4 address or one IPv6 /64 at the same time; 0: no limit."),
        Setting(
            "limits", "registration_timeout", \.limits.registrationTimeout, .span(.seconds(1)...(.seconds(3600))), .reload,
            "How long a new connection may take to log in."),
        Setting(
            "limits", "ping_interval", \.limits.pingInterval, .span(.seconds(1)...(.seconds(3600))), .reload,
            "How long a client may be silent before it is asked whether it is there."),
        Setting(
            "limits", "ping_timeout", \.limits.pingTimeout, .span(.seconds(1)...(.seconds(3600))), .reload,
            "How long it may take to answer."),
        Setting(
            "limits", "send_queue", \.limits.sendQueue, .bytes((16 << 10)...(1 << 30)), .reload,
            "How much may wait to be sent to one client before it is cut off."),
        Setting(
            "limits", "send_queue_age", \.limits.sendQueueAge, .span(.seconds(1)...(.seconds(3600))), .reload,
            "How long the oldest unsent byte may wait before the client is cut off."),
        Setting(
            "limits", "receive_queue", \.limits.receiveQueue, .bytes((16 << 10)...(16 << 20)), .reload,
            "How much a client may send ahead of what has been carried out."),
        Setting("limits", "flood_control", \.limits.floodControl, .boolean, .reload, "Whether commands of a fast client are slowed down."),
        Setting(
            "limits", "flood_burst", \.limits.floodBurst, .integer(1...10_000), .reload, "How many commands may come at once without delay."
        ),
        Setting(
            "limits", "flood_rate", \.limits.floodRate, .integer(1...10_000), .reload,
            "How many commands a second are carried out after that."),
        Setting(
            "limits", "channels_per_client", \.limits.channelsPerClient, .integer(1...10_000), .reload,
            "Channels that one client may be in."),
        Setting(
            "limits", "list_entries", \.limits.listEntries, .integer(1...10_000), .reload,
            "Bans, exceptions and invite masks of one channel together."),
        Setting(
            "limits", "metadata_keys", \.limits.metadataKeys, .integer(1...100), .reload,
            "Keys of metadata that a person or a channel may set."),
        Setting(
            "limits", "metadata_subscriptions", \.limits.metadataSubscriptions, .integer(1...1_000), .reload,
            "Keys of metadata that one client may subscribe to."),
        Setting(
            "limits", "multiline_bytes", \.limits.multilineBytes, .integer(512...65_536), .reload,
            "Bytes of one message of several lines (draft/multiline)."),
        Setting("limits", "multiline_lines", \.limits.multilineLines, .integer(2...1_000), .reload, "Lines of it."),
        Setting(
            "limits", "monitor_entries", \.limits.monitorEntries, .integer(1...10_000), .reload,
            "Nicknames that one client may watch with MONITOR."),
        Setting("limits", "targets", \.limits.targets, .integer(1...100), .reload, "Receivers of one message."),
        Setting(
            "limits", "whowas_entries", \.limits.whowasEntries, .integer(0...100_000), .restart, "People who left that /WHOWAS remembers."),
        Setting(
            "limits", "shutdown_timeout", \.limits.shutdownTimeout, .span(.seconds(1)...(.seconds(600))), .reload,
            "How long a stop may take: farewells, logins under way, the last writes to disk."),
        Setting(
            "limits", "classes", \.limits.classes, Format<ClientClass>.clientClasses, .reload,
            "Classes of connections with limits of their own; the first that fits counts.",
            detail:
                "Sections `[[limits.classes]]` with `name`. A class takes connections by `addresses` (networks), `transports` (tcp, tls, "
                + "websocket), `gateways` (names) and `logged_in`; what is left out is no matter. `maximum` is how many there may be, "
                + "`require_login` lets in those who log in. Of the limits it may have `connections_per_address`, `registration_timeout`, "
                + "`ping_interval`, `send_queue`, `receive_queue`, `flood_control`, `flood_burst`, `flood_rate` and `channels_per_client`."),
    ]

    static let lengthKeys: [Setting] = [
        length("nick_length", \.limits.nickLength, 1...64, "Longest nickname."),
        length("user_length", \.limits.userLength, 1...32, "Longest user name."),
        length("realname_length", \.limits.realnameLength, 1...300, "Longest real name."),
        length("channel_length", \.limits.channelLength, 2...200, "Longest channel name."),
        length("topic_length", \.limits.topicLength, 1...390, "Longest topic."),
        length("kick_length", \.limits.kickLength, 1...390, "Longest reason of a kick."),
        length("away_length", \.limits.awayLength, 1...390, "Longest away message."),
        length("quit_length", \.limits.quitLength, 1...390, "Longest reason of a quit."),
        length("key_length", \.limits.keyLength, 1...64, "Longest channel key."),
    ]

    private static func length(
        _ key: String, _ path: any WritableKeyPath<Settings, Int> & Sendable, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        Setting("limits", key, path, .integer(range), .reload, summary, detail: "In bytes.")
    }
}
