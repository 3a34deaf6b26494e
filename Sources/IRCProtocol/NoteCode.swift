/// The codes of `WARN` and `NOTE` (IRCv3 standard-replies) that this server sends.
package enum NoteCode: String, CaseIterable, Sendable {
    case noServices = "NO_SERVICES"
    case persistenceRequired = "PERSISTENCE_REQUIRED"

    /// `WARN` or `NOTE`.
    package var verb: String {
        switch self {
        case .noServices: "NOTE"
        case .persistenceRequired: "WARN"
        }
    }

    /// What it means, for the manual.
    package var meaning: String {
        switch self {
        case .noServices: "no services take tokens here (TOKEN)"
        case .persistenceRequired: "without a connection only messages to the DID reach the device (WEBPUSH)"
        }
    }
}
