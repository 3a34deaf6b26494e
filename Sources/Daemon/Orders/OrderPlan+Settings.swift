import ACME
import ATProto
import Settings

extension OrderPlan {
    /// Nil when the settings want no certificate.
    init?(_ settings: Settings) {
        let acme = settings.acme
        guard !acme.domains.isEmpty, acme.agreesToTerms else { return nil }
        var names: [String] = []
        for name in acme.domains where !names.contains(name) { names.append(name) }
        let external = acme.externalAccountID.flatMap { id in
            acme.externalAccountKey.flatMap { ExternalAccount(id: id, secret: $0) }
        }
        self.init(
            directory: acme.directory, names: names, contact: acme.email.isEmpty ? [] : ["mailto:\(acme.email)"],
            challenge: acme.challenge == .http ? .http : .tls, externalAccount: external)
    }
}

extension NetworkPolicy {
    /// For the authority that the settings name: it may be anywhere, what it refers to elsewhere only on the internet.
    init?(authorityOf settings: Settings) {
        self.init()
        guard let origin = Origin(of: settings.acme.directory) else { return nil }
        ownOrigins = [origin]
        extraCAFile = settings.acme.authorityCA
    }
}
