import Foundation

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
        let classes = Set(operators.classes.map(\.name) + [OperatorClass.full])
        for name in operators.assigned.map(\.className) where !classes.contains(name) {
            note("operators.assigned", "operators.classes", message: "there is no class \(name)")
        }
        if let name = operators.defaultClass, !classes.contains(name) {
            note("operators.default_class", "operators.classes", message: "there is no class \(name)")
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
        if let warning = unreachableWeb { warnings.append(warning) }
        if operators.defaultClass.map({ $0 != OperatorClass.full }) == true,
            !operators.assigned.contains(where: { $0.className == OperatorClass.full })
        {
            warnings.append(
                "operators.default_class: no operator has the class \(OperatorClass.full); what no class allows can be done on the command line only"
            )
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

    /// What is wrong where browsers would not get from `broker.public_url` to this server; nil: nothing that can be seen from here. Behind a
    /// proxy any port will do.
    private var unreachableWeb: String? {
        if listen.http.isEmpty {
            return "broker.public_url: nothing answers there, because listen.http is empty; nobody can log in on the web"
        }
        guard let url = URLComponents(string: broker.publicURL), url.scheme == "http", let host = url.host else { return nil }
        guard ["127.0.0.1", "localhost", "[::1]"].contains(host) else { return nil }
        let port = url.port ?? 80
        guard !listen.http.contains(where: { $0.port == port || $0.port == 0 }) else { return nil }
        let open = listen.http.map { String($0.port) }.joined(separator: " and ")
        return "broker.public_url: it names port \(port), but listen.http has \(open); browsers will not get here"
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
