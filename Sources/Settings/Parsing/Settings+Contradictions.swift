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

    private var collisions: [(key: String, other: String, message: String)] {
        let all =
            listen.plain.map { ("listen.plain", $0) } + listen.tls.map { ("listen.tls", $0) } + listen.http.map { ("listen.http", $0) }
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
        if listen.http.isEmpty { return "broker.public_url: nothing answers there, because listen.http is empty; nobody can log in on the web" }
        guard let url = URLComponents(string: broker.publicURL), url.scheme == "http", let host = url.host else { return nil }
        guard ["127.0.0.1", "localhost", "[::1]"].contains(host) else { return nil }
        let port = url.port ?? 80
        guard !listen.http.contains(where: { $0.port == port || $0.port == 0 }) else { return nil }
        let open = listen.http.map { String($0.port) }.joined(separator: " and ")
        return "broker.public_url: it names port \(port), but listen.http has \(open); browsers will not get here"
    }
}
