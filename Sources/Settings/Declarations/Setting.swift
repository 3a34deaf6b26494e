/// The declaration of one key. Reading, `roost check`, the file that `roost init` writes, the manual and the report of a reload all
/// follow from the list ``all``.
package struct Setting: Sendable {
    /// When a changed value counts.
    package enum Effect: Sendable {
        case reload
        case restart
    }

    /// Whether the file that `roost init` writes shows the key.
    package enum Starter: Sendable {
        case left
        case shown
        /// Shown behind a `#`, with this example.
        case example(String)
    }

    package let section: String
    package let key: String
    /// What it decides, in one sentence.
    package let summary: String
    /// What else to know; may be empty.
    package let detail: String
    /// What to write, for the manual.
    package let kind: String
    package let effect: Effect
    package let starter: Starter
    /// Puts a value from a file into settings.
    let read: @Sendable (TOMLNode, ReadingContext, inout Settings) throws(ValueError) -> Void
    /// The value in settings as TOML; `nil` when it is not set.
    let write: @Sendable (Settings) -> String?
    /// What a text outside of a file stands for.
    let plain: @Sendable (String) -> TOMLNode
    let isEqual: @Sendable (Settings, Settings) -> Bool
    /// Copies the value of the first settings into the second.
    let copy: @Sendable (Settings, inout Settings) -> Void

    init<Value>(
        _ section: String, _ key: String, _ path: any WritableKeyPath<Settings, Value> & Sendable, _ format: Format<Value>,
        _ effect: Effect,
        starter: Starter = .left, _ summary: String, detail: String = ""
    ) {
        self.section = section
        self.key = key
        self.summary = summary
        self.detail = detail
        self.effect = effect
        self.starter = starter
        kind = format.kind
        read = { node, context, settings throws(ValueError) in settings[keyPath: path] = try format.read(node, context) }
        write = { format.write($0[keyPath: path]) }
        plain = format.plain
        isEqual = { $0[keyPath: path] == $1[keyPath: path] }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
    }

    /// As in messages: `limits.send_queue`.
    package var name: String { "\(section).\(key)" }

    /// The default as TOML; `nil` when it is not set by default.
    package var standard: String? { write(Settings()) }

    /// `key = value` with the default, as in a file; `nil` when it is not set by default.
    package var defaultLine: String? { standard.map { "\(key) = \($0)" } }

    /// Every key there is, section by section.
    package static let all: [Setting] =
        serverKeys + listenKeys + tlsKeys + acmeKeys + dataKeys + identityKeys + brokerKeys + limitKeys + lengthKeys + historyKeys
        + accountKeys + operatorKeys + blockListKeys + adminKeys + metricsKeys + logKeys

    /// The names of the sections, in the order of ``all``.
    package static let sections: [String] = all.reduce(into: []) { names, setting in
        if names.last != setting.section { names.append(setting.section) }
    }

    /// What `[section]` itself is about; for the manual.
    package static let sectionSummaries: [String: String] = [
        "server": "What this server calls itself.",
        "listen": "The addresses it listens on. Port 0 lets the system choose one.",
        "tls": "The certificate for `listen.tls`.",
        "acme": "A certificate from an authority such as Let's Encrypt, ordered and renewed by Roost itself (ACME).",
        "data": "Where Roost keeps what it must not forget.",
        "identity": "How handles and DIDs are looked up. The first four exist for development and tests: leave them alone on a public "
            + "server.",
        "broker": "The login with Bluesky and other AT Protocol accounts.",
        "limits": "What one client, channel or address may take.",
        "history": "What is kept of what people say.",
        "accounts": "Who may have an account, and what it is good for.",
        "operators": "What each operator of the server may do. Without this section, all of them may do everything.",
        "dnsbl": "Block lists in DNS (DNSBL) of addresses that spam and attacks come from.",
        "metrics": "Who may read `/metrics`, for Prometheus.",
        "log": "What the server writes to standard error.",
        "admin": "Whom to ask for help; people see it with /ADMIN.",
    ]

    /// How many elements a list may have.
    static let listLimit = 64

    static func named(_ section: String, _ key: String) -> Setting? {
        all.first { $0.section == section && $0.key == key }
    }
}
