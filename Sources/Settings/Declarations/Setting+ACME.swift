extension Setting {
    static let acmeKeys: [Setting] = [
        Setting(
            "acme", "domains", \.acme.domains, Format<String>.domain.list, .reload, starter: .example("[\"DOMAIN\"]"),
            "The names to have a certificate for, all in one. Without any, none is ordered.",
            detail: "Each has to lead to this server, where `challenge` is answered. The certificate is for `listen.tls`; beside those of "
                + "`[tls]` it counts for its names. Until it is there, connections get the other one, self-signed if need be."),
        Setting(
            "acme", "email", \.acme.email, .line(atMost: 200), .reload, starter: .example("\"you@DOMAIN\""),
            "How the authority may reach you; may be empty."),
        Setting(
            "acme", "agree_to_terms", \.acme.agreesToTerms, .boolean, .reload, starter: .example("true"),
            "Whether you agree to the terms of service of the authority. Without that there is no certificate."),
        Setting(
            "acme", "directory", \.acme.directory, .directoryAddress, .reload, "The directory of the authority, as its manual names it.",
            detail:
                "`https://acme-staging-v02.api.letsencrypt.org/directory` is for attempts: clients do not trust its certificates, and its "
                + "limits are wide. The host may be in a private network; what it refers to elsewhere may not."),
        Setting(
            "acme", "challenge", \.acme.challenge, .choice, .reload, "How the authority sees that the names lead here.",
            detail: "`http-01`: it asks at port 80, which `listen` answers, or a reverse proxy that passes "
                + "`/.well-known/acme-challenge/` to `listen.http`. `tls-alpn-01`: it connects to port 443, which has to be one of "
                + "`listen.tls` or lead there unchanged."),
        Setting(
            "acme", "listen", \.acme.listen, Format<Endpoint>.endpoint.list, .reload,
            "Where `http-01` is answered beside `listen.http`; nothing else is served there.",
            detail:
                "Ports below 1024 need a right, see docs/operating.md. An address that cannot be listened on is told in the log and keeps "
                + "nothing else from starting. With a web server on port 80: `[]`."),
        Setting(
            "acme", "authority_ca", \.acme.authorityCA, Format<String>.path.optional, .reload,
            "Certificate authorities to trust for `directory`, beside those of the system; PEM. For an authority of your own."),
        Setting(
            "acme", "external_account_id", \.acme.externalAccountID, Format<String>.keyText.optional, .reload,
            "The id of your account at the authority, where it wants one (EAB key id)."),
        Setting(
            "acme", "external_account_key", \.acme.externalAccountKey, Format<String>.secretText.optional, .reload,
            "The key that belongs to it (EAB HMAC key), in base64url.",
            detail:
                "It is used once. A file that others can read is no place for it: `ROOST_ACME_EXTERNAL_ACCOUNT_KEY_FILE` names another one."
        ),
    ]
}
