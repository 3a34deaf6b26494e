extension Settings {
    /// Values that are fine alone and impossible together.
    package struct Contradiction: Equatable, Sendable {
        /// Names of the keys that it depends on; the first is the one to change.
        package var keys: [String]
        package var message: String
    }

    package var contradictions: [Contradiction] {
        var found: [Contradiction] = []
        func note(_ keys: String..., message: String) {
            found.append(Contradiction(keys: keys, message: message))
        }
        switch (tls.certificate, tls.key) {
        case (.some, nil): note("tls.certificate", "tls.key", message: "a certificate needs its key: set tls.key too")
        case (nil, .some): note("tls.key", "tls.certificate", message: "a key needs its certificate: set tls.certificate too")
        default: break
        }
        noteACME(&found)
        for collision in collisions { note(collision.key, collision.other, message: collision.message) }
        if listen.plain.isEmpty, listen.tls.isEmpty, listen.http.isEmpty {
            note("listen.tls", "listen.plain", "listen.http", message: "nothing to listen on: plain, tls and http are all empty")
        }
        if accounts.needsEmail, accounts.mailer == nil {
            note(
                "accounts.require_email", "accounts.mailer",
                message: "codes can only be sent with a program that sends mail: set accounts.mailer too")
        }
        if !WebOrigin.isSecure(identity.plcDirectory), !identity.allowLoopback {
            note(
                "identity.plc_directory", "identity.allow_loopback",
                message: "must start with https:// (http is only for development, with identity.allow_loopback)")
        }
        return found
    }

    private func noteACME(_ found: inout [Contradiction]) {
        func note(_ keys: String..., message: String) {
            found.append(Contradiction(keys: keys, message: message))
        }
        if !acme.domains.isEmpty, !acme.agreesToTerms {
            note(
                "acme.domains", "acme.agree_to_terms",
                message: "the authority wants you to agree to its terms of service: read them, then set acme.agree_to_terms = true")
        }
        if (acme.externalAccountID == nil) != (acme.externalAccountKey == nil) {
            note(
                "acme.external_account_id", "acme.external_account_key",
                message: "an external account has an id and a key: set both or neither")
        }
    }

    /// Where challenges are answered beside `listen.http`, which answers them too.
    package var challengeEndpoints: [Endpoint] {
        guard !acme.domains.isEmpty, acme.challenge == .http else { return [] }
        return acme.listen.filter { endpoint in !listen.http.contains { $0.collides(with: endpoint) } }
    }

    private var collisions: [(key: String, other: String, message: String)] {
        let all =
            listen.plain.map { ("listen.plain", $0) } + listen.tls.map { ("listen.tls", $0) } + listen.http.map { ("listen.http", $0) }
            + challengeEndpoints.map { ("acme.listen", $0) }
        var found: [(key: String, other: String, message: String)] = []
        for (index, (key, endpoint)) in all.enumerated() {
            guard let (otherKey, other) = all[..<index].first(where: { $0.1.collides(with: endpoint) }) else { continue }
            found.append((key, otherKey, "\(endpoint) cannot be listened on beside \(other) of \(otherKey)"))
        }
        return found
    }

    /// What is allowed but should be known; for the log and for `roost check`.
    package var warnings: [String] {
        var warnings: [String] = []
        for endpoint in listen.plain where !endpoint.isLoopback {
            warnings.append("listen.plain: \(endpoint) is open to the network without encryption; passwords sent there can be read")
        }
        warnings += acmeWarnings
        if identity.pdsMethods {
            warnings.append(
                "identity.pds_methods: clients hand this server tokens that open the accounts of people elsewhere; leave it off unless a "
                    + "client needs it")
        }
        if identity.allowLoopback {
            warnings.append(
                "DEVELOPMENT ONLY: identity.allow_loopback lets handles and logins lead to this machine; never use it in public")
        }
        if let dnsServer = identity.dnsServer {
            warnings.append("DEVELOPMENT ONLY: identity.dns_server sends all look-ups of handles to \(dnsServer)")
        }
        if let extraCA = identity.extraCA {
            warnings.append("DEVELOPMENT ONLY: identity.extra_ca makes the certificates of \(extraCA) trusted for logins")
        }
        if identity.plcDirectory != Settings().identity.plcDirectory {
            warnings.append(
                "DEVELOPMENT ONLY: identity.plc_directory takes identities from \(identity.plcDirectory), not from the public one")
        }
        return warnings
    }

    private var acmeWarnings: [String] {
        guard !acme.domains.isEmpty else { return [] }
        var warnings: [String] = []
        if listen.tls.isEmpty { warnings.append("acme.domains: no certificate is ordered, as listen.tls is empty") }
        switch acme.challenge {
        case .http where !(acme.listen + listen.http).contains(where: { $0.port == 80 }):
            warnings.append(
                "acme.challenge: the authority asks at port 80 of each domain; whatever answers there has to pass requests for "
                    + "/.well-known/acme-challenge/ to listen.http")
        case .tls where !listen.tls.contains(where: { $0.port == 443 }):
            warnings.append(
                "acme.challenge: the authority connects to port 443 of each domain, and no address of listen.tls has that port; "
                    + "something has to pass these connections on as they are")
        default: break
        }
        return warnings
    }
}
