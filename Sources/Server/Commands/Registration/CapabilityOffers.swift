import IRCProtocol
import MainLoop

/// A capability as `CAP LS` shows it.
struct CapabilityOffer: Equatable {
    /// Nobody requests it, so it is no ``Capability`` like the others (IRCv3 sts).
    static let strictTransport = "sts"

    let name: String
    var value: String?

    /// With the value, for clients that know version 302.
    var text: String { value.map { "\(name)=\($0)" } ?? name }
}

/// What of a connection decides on what is offered to it.
struct ConnectionKind: Hashable {
    let isSecure: Bool
    let isWebSocket: Bool
    let hasCertificate: Bool

    @LoopActor
    init(_ session: Session) {
        isSecure = session.peer.isSecure
        isWebSocket = session.peer.transport == .webSocket
        hasCertificate = session.peer.certificateFingerprint != nil
    }
}

extension World {
    /// What `CAP LS` shows to a connection of this kind.
    func offers(to kind: ConnectionKind) -> [CapabilityOffer] {
        var offers = Capability.allCases.filter(isOffered).map { CapabilityOffer(name: $0.name, value: value(of: $0, for: kind)) }
        if let sts = configuration.strictTransport, !kind.isWebSocket {
            let port = kind.isSecure ? "" : "port=\(sts.port),"
            offers.insert(CapabilityOffer(name: CapabilityOffer.strictTransport, value: "\(port)duration=\(sts.duration)"), at: 0)
        }
        return offers
    }

    /// What is offered to each kind of connection that there is now.
    var offers: [ConnectionKind: [CapabilityOffer]] {
        let kinds = Set(sessions.values.map { ConnectionKind($0) })
        return Dictionary(uniqueKeysWithValues: kinds.map { ($0, offers(to: $0)) })
    }

    /// Whether a client may ask for `capability`.
    func isOffered(_ capability: Capability) -> Bool {
        switch capability {
        case .accountRegistration: configuration.accounts.registration != .off
        case .chatHistory, .eventPlayback, .playback, .search: configuration.history.enabled
        case .webPush, .webPushSoju: pushSender != nil
        default: true
        }
    }

    private func value(of capability: Capability, for kind: ConnectionKind) -> String? {
        switch capability {
        case .accountRegistration: configuration.accounts.tokens.isEmpty ? nil : configuration.accounts.tokens.joined(separator: ",")
        case .metadata2, .metadata3:
            "before-connect,max-subs=\(configuration.limits.metadataSubscriptions),max-keys=\(configuration.limits.metadataKeys),"
                + "max-value-bytes=\(Metadata.maximumValue)"
        case .multiline: "max-bytes=\(configuration.limits.multilineBytes),max-lines=\(configuration.limits.multilineLines)"
        case .relayMessage: relaySeparator
        case .sasl: kind.saslMechanisms(configuration).joined(separator: ",")
        default: nil
        }
    }
}

extension ServerConfiguration.Accounts {
    /// What draft/account-registration says of how accounts are made.
    fileprivate var tokens: [String] {
        (beforeConnect ? ["before-connect"] : []) + (needsEmail ? ["email-required"] : []) + (customName ? ["custom-account-name"] : [])
    }
}
