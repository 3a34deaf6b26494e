/// The manual page of the configuration file, made from the declarations.
package enum ConfigurationReference {
    /// The text of docs/configuration.md.
    package static let markdown: String = introduction + Setting.sections.map(section).joined()

    private static let introduction = """
        # Configuration

        <!-- Made by `roost write-docs` from Sources/Settings/Declarations. Do not edit here. -->

        Roost runs without any configuration. `roost init --domain irc.example.com` writes a file with the keys that most servers change;
        this page has all of them. The file is [TOML](https://toml.io).

        * Sizes are text such as `"64 KiB"` (B, KiB, MiB, GiB) or a plain number of bytes. Times are text such as `"30 s"` (ms, s, min, h,
          d) or a plain number of seconds.
        * A relative path starts at the folder that the configuration file is in.
        * `roost check` reports every mistake at once, with line and column.
        * Every key can be set by a variable of the environment too, which counts more than the file: `ROOST_`, the section and the key in
          capitals, as `ROOST_LIMITS_SEND_QUEUE="64 KiB"`. Text needs no quotes of its own. A list has commas between its elements
          (`ROOST_LISTEN_TLS=0.0.0.0:6697,[::]:6697`) or is written as in the file; `[]` is the empty one. With `_FILE` at its end the
          variable names a file with the value (`ROOST_SERVER_PASSWORD_FILE=/run/secrets/password`). Relative paths start at the working
          directory. An empty variable counts as none; `roost check` warns of variables that are no keys.
        * A running server reads the file again after `SIGHUP`, `REHASH` or `roost admin rehash`, and says which keys changed and which of
          them wait for a restart. When anything is wrong with the file or with one that it names, nothing changes.

        """

    private static func section(_ name: String) -> String {
        let rows = Setting.all.filter { $0.section == name }.map(row)
        return """

            ## [\(name)]

            \(Setting.sectionSummaries[name] ?? "")

            | key | default | what it decides | changes |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func row(_ setting: Setting) -> String {
        let standard = setting.standard.map { "`\($0)`" } ?? "not set"
        let effect =
            switch setting.effect {
            case .reload: "on reload"
            case .restart: "on restart"
            }
        let detail = setting.detail.isEmpty ? "" : " " + setting.detail
        return "| `\(setting.key)` | \(standard) | \(setting.summary)\(detail) Takes \(setting.kind). | \(effect) |"
    }
}
