/// Where Roost looks for its data and its configuration when nobody says.
package struct DefaultPlaces: Sendable {
    private let environment: [String: String]
    private let isRoot: Bool

    package init(environment: [String: String], isRoot: Bool) {
        self.environment = environment
        self.isRoot = isRoot
    }

    /// `$ROOST_DATA`, else /var/lib/roost for root, else `roost` below `$XDG_DATA_HOME` or ~/.local/share.
    /// `nil` when not even a home directory is known.
    package var dataDirectory: String? {
        if let named = value("ROOST_DATA") { return named }
        if isRoot { return "/var/lib/roost" }
        // The XDG base directory specification wants relative values ignored.
        if let base = value("XDG_DATA_HOME"), base.hasPrefix("/") { return base + "/roost" }
        return value("HOME").map { $0 + "/.local/share/roost" }
    }

    /// Where systemd puts the credentials of the unit; `nil` outside of a unit that has some.
    package var credentials: String? { value("CREDENTIALS_DIRECTORY") }

    /// Keys of the configuration that the environment decides.
    package var overrides: SettingsEnvironment { SettingsEnvironment(environment) }

    /// The configuration file that is used without `--config`, if it exists.
    package static func configuration(in dataDirectory: String) -> String {
        dataDirectory + "/roost.toml"
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
