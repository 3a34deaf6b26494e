extension Setting {
    static let accountKeys: [Setting] = [
        Setting(
            "accounts", "registration", \.accounts.registration, .registration, .reload, starter: .shown,
            "Who may make accounts with a password: nobody, everybody, whoever has an invite code. The login with Bluesky needs none.",
            detail: "Codes are made with `/msg NickServ INVITECODE ADD`. true means open, and false means off."),
        Setting(
            "accounts", "did_passwords", \.accounts.didPasswords, .boolean, .reload,
            "Whether accounts of the AT Protocol may have a password here too.",
            detail: "It bounds the strength of such an account. Device passwords are there in any case."),
        Setting(
            "accounts", "before_connect", \.accounts.beforeConnect, .boolean, .reload,
            "Whether they may do so before they are connected."),
        Setting(
            "accounts", "custom_name", \.accounts.customName, .boolean, .reload,
            "Whether an account may be called otherwise than the nickname."),
        Setting(
            "accounts", "password_length", \.accounts.passwordLength, .integer(1...128), .reload, "Shortest password.", detail: "In bytes."),
        Setting(
            "accounts", "hash_memory", \.accounts.hashMemory, .bytes(19 << 20...256 << 20), .restart,
            "What one check of a password takes of memory (argon2id).",
            detail: "The stronger, the dearer is a guess at a stolen database, and every login. Passwords that were stored with other "
                + "values are stored anew when somebody logs in with them."),
        Setting(
            "accounts", "hash_passes", \.accounts.hashPasses, .integer(2...10), .restart, "How often it goes through that memory."),
        Setting(
            "accounts", "hash_lanes", \.accounts.hashLanes, .integer(1...4), .restart, "Threads that one check runs on."),
        Setting(
            "accounts", "scram", \.accounts.scram, .boolean, .restart,
            "Whether SASL SCRAM-SHA-256 is offered, in which a client shows that it has the password without sending it.",
            detail: "A second value of each password is stored for it. It is weaker against guesses than argon2id, so it decides what a "
                + "stolen database is worth; over TLS, PLAIN is as good. An account can use it once its password was set, or has logged it "
                + "in by PLAIN, while this is on. Passwords of devices cannot."),
        Setting(
            "accounts", "scram_iterations", \.accounts.scramIterations, .integer(600_000...10_000_000), .restart,
            "What a guess at that value costs.", detail: "Clients take that time at every login, old telephones some seconds."),
        Setting(
            "accounts", "per_hour", \.accounts.perHour, .integer(1...10_000), .reload,
            "Accounts that one address may make within an hour."),
        Setting(
            "accounts", "require_email", \.accounts.needsEmail, .boolean, .reload,
            "Whether an account needs an email address, proved with a code that is sent there.", detail: "Needs `mailer`."),
        Setting(
            "accounts", "mailer", \.accounts.mailer, Format<String>.path.optional, .restart,
            "A program that takes a mail on its standard input, like sendmail with -t."),
        Setting(
            "accounts", "reserve_nicks", \.accounts.reserveNicks, .boolean, .reload,
            "Whether the name of an account is a nickname for its owner only."),
        Setting(
            "accounts", "nicknames", \.accounts.nicknames, .integer(0...100), .reload,
            "Nicknames that one account may reserve besides its name."),
        Setting(
            "accounts", "channels", \.accounts.channels, .integer(0...10_000), .reload, "Channels that one account may register."),
        Setting(
            "accounts", "operators", \.accounts.operators, Format<String>.did.list(atMost: 256), .reload,
            "DIDs of people who are operators of the server when they log in.",
            detail: "Whoever is taken off the list is no operator any more after a reload."),
        Setting(
            "accounts", "allowed", \.accounts.allowed, Format<String>.allowedIdentity.list(atMost: 10_000), .reload,
            "Who may be on this server: DIDs, domains of handles, names of local accounts. Empty: everybody, guests too.",
            detail: "`example.com` stands for the handle example.com and all below it. Operators of the server are always let in. "
                + "Whoever is taken off the list is disconnected at a reload."),
        Setting(
            "accounts", "recheck_minutes", \.accounts.recheckMinutes, .integer(0...10_080), .reload,
            "How often the AT Protocol identity of connected people is looked up anew; 0: never.",
            detail: "Whose account was deleted or taken down is disconnected, changed handles are shown. "
                + "Servers that do not answer change nothing."),
        Setting(
            "accounts", "always_on", \.accounts.alwaysOn, .choice, .reload, starter: .shown,
            "Who stays in channels without a connection: opt-in leaves it off and opt-out on until somebody decides otherwise."),
        Setting(
            "accounts", "auto_away", \.accounts.autoAway, .boolean, .reload,
            "Whether people without a connection are away, until they decide otherwise."),
        Setting(
            "accounts", "always_on_days", \.accounts.alwaysOnDays, .integer(0...36_500), .reload,
            "After how many days without a connection they leave all the same; 0: never."),
    ]
}

extension Format where Value == Settings.Accounts.Registration {
    /// One of a few words; true and false, which it was first, are taken too.
    static let registration = Format(
        kind: choice.kind,
        read: { node, context throws(ValueError) in
            if case .boolean(let isOpen) = node { return isOpen ? .open : .off }
            return try choice.read(node, context)
        },
        write: choice.write,
        plain: TOMLNode.plain)
}

extension Format where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    static var choice: Format {
        let words = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        return Format(
            kind: "one of \(words)",
            read: { node, _ throws(ValueError) in
                guard case .string(let text) = node else { throw ValueError("must be one of \(words), not \(node.typeName)") }
                guard let value = Value(rawValue: text) else { throw ValueError("must be one of \(words)") }
                return value
            },
            write: { quoted($0.rawValue) })
    }
}
