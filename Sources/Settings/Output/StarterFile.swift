/// The configuration file that `roost init` writes: the keys that most servers change, with a comment each.
package enum StarterFile {
    /// - Parameters:
    ///   - domain: host name of the server.
    ///   - data: absolute path of the data directory.
    ///   - email: how to reach the operator; may be empty.
    /// - Throws: when a value is not fit for its key.
    package static func text(domain: String, data: String, email: String) throws(ValueError) -> String {
        let settings = try settings(domain: domain, data: data, email: email)
        var text = """
            # Configuration of Roost. Every key is described in docs/configuration.md.
            # `roost check` finds mistakes; a running server reads it again on SIGHUP.

            """
        for section in Setting.sections {
            let shown = Setting.all.filter { $0.section == section }.compactMap { lines($0, settings, domain) }
            if !shown.isEmpty { text += "\n[\(section)]\n" + shown.joined() }
        }
        return text
    }

    private static func settings(domain: String, data: String, email: String) throws(ValueError) -> Settings {
        var settings = Settings()
        settings.server.name = try Format<String>.serverName.read(.string(domain), ReadingContext(directory: "/"))
        settings.server.network = domain.hasPrefix("irc.") && domain.dropFirst(4).contains(".") ? String(domain.dropFirst(4)) : domain
        settings.data.directory = data
        settings.broker.publicURL = "https://\(domain.lowercased())"
        settings.admin.email = try Format<String>.line(atMost: 200).read(.string(email), ReadingContext(directory: "/"))
        return settings
    }

    private static func lines(_ setting: Setting, _ settings: Settings, _ domain: String) -> String? {
        switch setting.starter {
        case .left: nil
        case .shown: "# \(setting.summary)\n\(setting.key) = \(setting.write(settings) ?? "\"\"")\n"
        case .example(let example):
            "# \(setting.summary)\n#\(setting.key) = \(example.split(separator: "DOMAIN", omittingEmptySubsequences: false).joined(separator: domain))\n"
        }
    }
}
