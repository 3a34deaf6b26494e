package import Settings

/// What a new server tells the person who started it: how to connect and how to become its operator. Shown once.
package struct Banner: Sendable, Equatable {
    package var settings: Settings
    /// Addresses really listened on, for ports that the system chose.
    package var plain: [Endpoint]
    package var tls: [Endpoint]
    package var http: [Endpoint]
    /// SHA-256 of the certificate in lower-case hexadecimal; `nil` without TLS.
    package var fingerprint: String?
    /// Whether the certificate is self-signed.
    package var hasOwnCertificate: Bool
    package var claimCode: ClaimCode
    package var dataDirectory: String

    package init(
        settings: Settings, plain: [Endpoint], tls: [Endpoint], http: [Endpoint], fingerprint: String?, hasOwnCertificate: Bool,
        claimCode: ClaimCode, dataDirectory: String
    ) {
        self.settings = settings
        self.plain = plain
        self.tls = tls
        self.http = http
        self.fingerprint = fingerprint
        self.hasOwnCertificate = hasOwnCertificate
        self.claimCode = claimCode
        self.dataDirectory = dataDirectory
    }

    package var text: String {
        var lines = ["", "Roost runs for the first time. Its data is in \(dataDirectory)", ""]
        if let tls = tls.first {
            lines += ["Connect over TLS: \(host(of: tls)), port \(tls.port)", ""] + tlsCommands(tls)
        }
        if let plain = plain.first {
            lines += ["Connect from this machine without TLS: \(host(of: plain)), port \(plain.port)", ""]
        }
        if let http = http.first {
            lines += ["Web: log in with Bluesky at \(settings.broker.publicURL), served at \(http)", ""]
        }
        lines += [
            "Become the operator of this server: connect, then type", "",
            "    /OPER owner \(claimCode)", "",
            "The code works once and is not shown again.", "",
        ]
        return lines.joined(separator: "\n")
    }

    private func tlsCommands(_ endpoint: Endpoint) -> [String] {
        guard let fingerprint, hasOwnCertificate else {
            return [
                "    irssi:    /connect -tls \(host(of: endpoint)) \(endpoint.port)",
                "    WeeChat:  /server add roost \(host(of: endpoint))/\(endpoint.port) -tls", "              /connect roost", "",
            ]
        }
        let pairs = Self.pairs(fingerprint)
        return [
            "The server made its certificate itself, so clients must be told to trust this one. SHA-256 fingerprint:",
            "    \(pairs)", "",
            "    irssi:    /connect -tls -tls_pinned_cert \(pairs) \(host(of: endpoint)) \(endpoint.port)",
            "              (to keep it with /server add, -notls_verify has to stand before -tls_pinned_cert)",
            "    WeeChat before 4.0 (Debian 12):",
            "              /server add roost \(host(of: endpoint))/\(endpoint.port) -ssl -ssl_fingerprint=\(fingerprint)",
            "    WeeChat 4.0 and later:",
            "              /server add roost \(host(of: endpoint))/\(endpoint.port) -tls -tls_fingerprint=\(fingerprint)",
            "    both:     /connect roost", "",
        ]
    }

    /// As irssi and openssl write fingerprints: upper case, with colons.
    private static func pairs(_ fingerprint: String) -> String {
        let digits = Array(fingerprint.uppercased())
        return stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<min($0 + 2, digits.count)]) }.joined(separator: ":")
    }

    /// A name only when somebody chose one; else an address that works on this machine.
    private func host(of endpoint: Endpoint) -> String {
        if !endpoint.isWildcard { return endpoint.host }
        if settings.server.name != Settings().server.name { return settings.server.name }
        return endpoint.isIPv6 ? "::1" : "127.0.0.1"
    }
}
