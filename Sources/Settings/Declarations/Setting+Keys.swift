extension Setting {
    static let serverKeys: [Setting] = [
        Setting(
            "server", "name", \.server.name, .serverName, .restart, starter: .shown,
            "The name of this server: a host name that leads to it."),
        Setting(
            "server", "network", \.server.network, .word, .reload, starter: .shown, "The name of the network, as clients show it."),
        Setting("server", "description", \.server.description, .line(atMost: 200), .reload, "One line about the server, shown by /WHOIS."),
        Setting(
            "server", "motd", \.server.motd, Format<String>.path.optional, .reload, starter: .example("\"motd.txt\""),
            "A text file that people see when they connect."),
        Setting(
            "server", "password", \.server.password, Format<String>.passwordHash.optional, .reload,
            "The hash of a password that every client has to send with PASS.",
            detail: "`roost hash-password` makes the hash. Without it nobody is asked for one."),
        Setting(
            "server", "icon", \.server.icon, Format<String>.webAddress.optional, .reload, "The https address of an image for the network."),
        Setting(
            "server", "default_user_modes", \.server.defaultUserModes, .userModes, .reload,
            "User modes that everybody begins with, such as \"+iw\"."),
        Setting(
            "server", "denied_client_tags", \.server.deniedClientTags, Format<String>.tagRule.list, .reload,
            "Client-only tags that are not passed on, without the +; \"*\" is all of them, \"-typing\" makes an exception."),
        Setting(
            "server", "web_push", \.server.webPush, .boolean, .reload,
            "Whether people may have notifications on devices that are not connected (draft/webpush).",
            detail: "The server then talks to the push services of browsers; what it sends them is encrypted for the device."),
        Setting(
            "server", "token_services", \.server.tokenServices, Format<TokenService>.tokenService.list, .reload,
            "Services beside the chat to which people prove with a token who they are (draft/authtoken).",
            detail: "Name, https address, the IP addresses from which the service asks, and a description: "
                + "`FILEHOST https://files.example.com 203.0.113.5 Uploads`."),
    ]

    static let listenKeys: [Setting] = [
        Setting(
            "listen", "plain", \.listen.plain, Format<Endpoint>.endpoint.list, .restart, starter: .shown,
            "IRC without encryption. Keep it on this machine."),
        Setting(
            "listen", "tls", \.listen.tls, Format<Endpoint>.endpoint.list, .restart, starter: .shown, "IRC over TLS, for everybody.",
            detail: "TLS 1.2 is the oldest version spoken."),
        Setting(
            "listen", "http", \.listen.http, Format<Endpoint>.endpoint.list, .restart, starter: .shown,
            "HTTP: the Bluesky login, and IRC over WebSocket at /irc.",
            detail: "It is not encrypted: let a reverse proxy that speaks https stand before it."),
        Setting(
            "listen", "web_client", \.listen.webClient, .boolean, .reload, "Whether the front page of `listen.http` is a web client.",
            detail: "Without it, that page tells how to connect."),
        Setting(
            "listen", "gateways", \.listen.gateways, Format<Gateway>.gateway.list, .reload,
            "Gateways that may say where their clients are (WEBIRC).",
            detail: "The password stands as it is or as its argon2id hash; the addresses are those of the gateway, with commas."),
        Setting(
            "listen", "proxies", \.listen.proxies, Format<String>.addressRange.list, .reload,
            "Proxies and balancers before this server, which say for whom they connect: addresses or networks, such as \"10.0.0.0/8\".",
            detail: "IRC connections from there may begin with a PROXY header (version 1 or 2), HTTP requests may have X-Forwarded-For. "
                + "Name nobody who could not be trusted with any address: limits and bans go by what these proxies say."),
        Setting(
            "listen", "proxy_header", \.listen.proxyHeader, .choice, .reload,
            "Whether IRC connections from `proxies` have to begin with a PROXY header."),
    ]

    static let tlsKeys: [Setting] = [
        Setting(
            "tls", "certificate", \.tls.certificate, Format<String>.path.optional, .reload,
            starter: .example("\"/etc/letsencrypt/live/DOMAIN/fullchain.pem\""),
            "The certificate with its chain, PEM. Without one, Roost makes its own, which clients must be told to trust.",
            detail: "The files are read again when they change, and on SIGHUP."),
        Setting(
            "tls", "key", \.tls.key, Format<String>.path.optional, .reload,
            starter: .example("\"/etc/letsencrypt/live/DOMAIN/privkey.pem\""), "The private key of the certificate, PEM."),
        Setting(
            "tls", "certificates", \.tls.certificates, Format<CertificatePair>.certificatePair.list, .reload,
            "More certificates, each with its key. A client is shown the one for the name that it connects to (SNI).",
            detail: "The names are those in the certificates; `*.example.com` stands for one label. Who asks for another name is shown "
                + "`certificate`, or the first of these. May be written as sections `[[tls.certificates]]`."),
        Setting(
            "tls", "sts_port", \.tls.stsPort, .integer(0...65_535), .reload,
            "The port for TLS that clients without it are sent to (STS); 0: none is sent.",
            detail: "Only with a certificate that clients trust: they will refuse to connect otherwise."),
        Setting(
            "tls", "sts_duration", \.tls.stsDuration, .span(.seconds(0)...(.seconds(400 * 86_400))), .reload,
            "For how long a client that came over TLS comes no other way, where `sts_port` is set."),
    ]

    static let dataKeys: [Setting] = [
        Setting(
            "data", "directory", \.data.directory, Format<String>.path.optional, .restart, starter: .shown,
            "The database and the keys are here. Back it up; keep it private.",
            detail: """
                Without it: `$ROOST_DATA`, else `/var/lib/roost` for root, else `$XDG_DATA_HOME/roost` or `~/.local/share/roost`. \
                `--data` on the command line counts more than this key.
                """),
        Setting(
            "data", "key_credential", \.data.keyCredential, Format<String>.credentialName.optional, .restart,
            "The name of the systemd credential with the key that secrets in the database are sealed with.",
            detail: """
                The unit has to hand it over: `LoadCredential=NAME:/path/to/secret.key`. Without this key, the key is the file `secret.key` \
                in the data directory, which Roost makes.
                """),
    ]

    static let identityKeys: [Setting] = [
        Setting(
            "identity", "plc_directory", \.identity.plcDirectory, .origin, .restart, "Where did:plc identities are looked up.",
            detail: "http only together with `allow_loopback`."),
        Setting(
            "identity", "dns_server", \.identity.dnsServer, Format<Endpoint>.endpoint.optional, .restart,
            "The DNS server for TXT and address look-ups of handles.", detail: "Without it: those of the system."),
        Setting(
            "identity", "allow_loopback", \.identity.allowLoopback, .boolean, .restart,
            "Whether handles and logins may lead to http, to this machine and to names below .test."),
        Setting(
            "identity", "extra_ca", \.identity.extraCA, Format<String>.path.optional, .restart,
            "Certificate authorities to trust for logins, beside those of the system; PEM."),
        Setting(
            "identity", "service_method", \.identity.serviceMethod, .methodName, .restart,
            "The method (NSID) that service-auth tokens for this server must name.",
            detail: "Clients ask their own server for a token for did:web:HOST#roost_irc, where HOST is that of `broker.public_url`, and "
                + "for this method. There is no service-auth where the public address is not https on its usual port."),
        Setting(
            "identity", "bare_service_did", \.identity.bareServiceDID, .boolean, .restart,
            "Whether a service-auth token may name the DID of this server without #roost_irc."),
        Setting(
            "identity", "pds_methods", \.identity.pdsMethods, .boolean, .reload,
            "Whether people may log in with an access token of their own server.",
            detail: """
                These are the methods `pds-session` and `pds-oauth` of ATPROTO-CHALLENGE. With such a token this server could use the account \
                there as its owner does. It is shown to that server once, over TLS only, and neither stored nor logged; but people must \
                trust you. Only for clients that can log in no other way.
                """),
    ]

    static let brokerKeys: [Setting] = [
        Setting(
            "broker", "public_url", \.broker.publicURL, .ownOrigin, .restart, starter: .shown,
            "How browsers reach listen.http, through your reverse proxy.",
            detail: "With http://127.0.0.1 the login works from a browser on this machine only, as a development client."),
        Setting(
            "broker", "return_to", \.broker.returnTo, Format<String>.clientOrigin.list, .restart,
            starter: .example("[\"https://chat.DOMAIN\"]"), "Web clients that people may be sent back to after the login.",
            detail: "The origin of `public_url` is always allowed."),
        Setting(
            "broker", "session_idle_days", \.broker.sessionIdleDays, .integer(1...3650), .restart,
            "After how many days without use a login ends.", detail: "The servers of accounts end them earlier as a rule."),
        Setting(
            "broker", "session_days", \.broker.sessionDays, .integer(0...3650), .restart,
            "After how many days a login ends even when it is used, with the connections that rest on it; 0: never."),
    ]

    static let historyKeys: [Setting] = [
        Setting(
            "history", "enabled", \.history.enabled, .boolean, .reload, starter: .shown, "Whether channel and direct messages are stored."),
        Setting(
            "history", "events", \.history.events, .boolean, .reload,
            "Whether it is stored, too, who joined, left and changed what in channels; clients with draft/event-playback show it."),
        Setting(
            "history", "retention_days", \.history.retentionDays, .integer(0...36_500), .reload, starter: .shown,
            "After how many days stored messages are deleted; 0: never."),
        Setting(
            "history", "retention_messages", \.history.retentionMessages, .integer(0...100_000_000), .reload,
            "How many messages are kept of each channel and conversation; 0: all.",
            detail: "Founders may keep fewer in their channels, with /msg ChanServ SET."),
        Setting(
            "history", "join_notice", \.history.joinNotice, .boolean, .reload,
            "Whether those who enter a channel are told that what is said there is kept."),
        Setting(
            "history", "join_replay", \.history.joinReplay, .integer(0...500), .reload,
            "Lines of the past that are shown to those who enter a channel, when their client does not ask for history itself."),
        Setting(
            "history", "catch_up", \.history.catchUp, .integer(0...1_000), .reload,
            "Lines that are shown to those who stayed without a connection when they come back, for each channel, likewise."),
        Setting(
            "history", "page", \.history.page, .integer(1...5_000), .reload, "The most messages in one answer to CHATHISTORY."),
        Setting(
            "history", "commit_delay", \.history.commitDelay, .span(.milliseconds(1)...(.seconds(5))), .restart,
            "How long a message may wait before it is on disk.",
            detail: "Messages are written in groups. A crash loses at most those of this span; a clean stop loses none."),
    ]

    static let blockListKeys: [Setting] = [
        Setting(
            "dnsbl", "lists", \.dnsbl.lists, Format<DNSBlockList>.blockList.list, .reload,
            "Block lists in DNS that are asked about who connects: the domain, which replies count, what to do.",
            detail: "Replies are the last numbers of the answers, such as `3,5-7`, or `*` for all. `reject` lets nobody in, "
                + "`require-login` those who log in, `mark` everybody, and operators see it with WHOIS. What does not answer within four seconds lists "
                + "nobody. The lists learn the addresses of your users; most of them have terms of use."),
        Setting(
            "dnsbl", "exempt", \.dnsbl.exempt, Format<String>.addressRange.list, .reload,
            "Addresses and networks that they are not asked about."),
    ]

    static let adminKeys: [Setting] = [
        Setting("admin", "location", \.admin.location, .line(atMost: 200), .reload, "Where the server is."),
        Setting("admin", "organisation", \.admin.organisation, .line(atMost: 200), .reload, "Who runs it."),
        Setting("admin", "email", \.admin.email, .line(atMost: 200), .reload, starter: .shown, "How to reach them."),
    ]
}
