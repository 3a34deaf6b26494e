import ATProto
import Settings

extension ServiceIdentity {
    /// Nil when the public address makes no DID.
    init?(_ settings: Settings) {
        guard let publicURL = Origin(settings.broker.publicURL) else { return nil }
        self.init(
            publicURL: publicURL, method: settings.identity.serviceMethod, takesBareDID: settings.identity.bareServiceDID,
            allowLoopback: settings.identity.allowLoopback)
    }
}
