/// What a token of the HTTP API may be used for. The enum is closed: what is stored under another name gives nothing.
package enum APIScope: String, Sendable, CaseIterable {
    case metrics
    case serverRead = "server:read"
    case serverAdmin = "server:admin"
    case channelsRead = "channels:read"
    case channelsAdmin = "channels:admin"
    case messagesRead = "messages:read"
    case messagesSend = "messages:send"
    case accountsRead = "accounts:read"
    case accountsAdmin = "accounts:admin"
    case bans
    case audit
    case services

    /// What it lets a program do, in one line.
    package var summary: String {
        switch self {
        case .metrics: "read /metrics"
        case .serverRead: "read the state of the server and who is here, with addresses"
        case .serverAdmin: "reload the configuration, change the log level, disconnect people"
        case .channelsRead: "read the channels and who is in them, also the secret ones"
        case .channelsAdmin: "change topics, throw people out, close channels, speak where others may not"
        case .messagesRead: "read what was said in channels, and follow it"
        case .messagesSend: "speak in channels"
        case .accountsRead: "read the accounts"
        case .accountsAdmin: "suspend accounts and open them again"
        case .bans: "read, set and take off the bans of the server"
        case .audit: "read what operators did"
        case .services: "give any command to the services, with the powers of an operator"
        }
    }

    /// Whether it is about channels, so that it can be narrowed to some of them.
    package var isAboutChannels: Bool {
        switch self {
        case .channelsRead, .channelsAdmin, .messagesRead, .messagesSend: true
        case .metrics, .serverRead, .serverAdmin, .accountsRead, .accountsAdmin, .bans, .audit, .services: false
        }
    }
}
