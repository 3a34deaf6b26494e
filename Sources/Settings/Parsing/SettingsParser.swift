/// Turns the text of a configuration file, and what the environment says besides, into ``Settings`` and everything that is wrong.
package struct SettingsParser {
    private let context: ReadingContext
    private let locator: KeyLocator
    private var reading: SettingsReading

    /// - Parameters:
    ///   - text: nil: there is no file.
    ///   - file: what to call the file in messages.
    ///   - directory: absolute path that relative paths in the file start from.
    package static func read(
        _ text: String?, file: String?, directory: String, environment: SettingsEnvironment = SettingsEnvironment()
    ) -> SettingsReading {
        let document = TOMLSalvage(text ?? "")
        var parser = SettingsParser(file: file, directory: directory, text: document.text)
        for error in document.errors { parser.reading.report(at: error.position, "not valid TOML: \(error.message)") }
        if !document.errors.isEmpty { parser.reading.lose(document.lostSections) }
        parser.readSections(document.entries)
        environment.apply(to: &parser.reading)
        parser.reading.checkConsistency()
        return parser.reading
    }

    /// As above, without the environment.
    ///
    /// - Throws: all problems at once.
    package static func parse(_ text: String, file: String, directory: String) throws(SettingsProblems) -> Settings {
        try read(text, file: file, directory: directory).get()
    }

    private init(file: String?, directory: String, text: String) {
        context = ReadingContext(directory: directory)
        locator = KeyLocator(text)
        reading = SettingsReading(file: file)
    }

    private mutating func readSections(_ document: [String: TOMLNode]) {
        for (section, node) in document {
            guard Setting.sections.contains(section) else {
                report([.key(section)], unknownSection(section, node))
                continue
            }
            guard case .table(let entries) = node else {
                report([.key(section)], "\(section) must be a section, written [\(section)], not \(node.typeName)")
                continue
            }
            for (key, value) in entries {
                if let setting = Setting.named(section, key) {
                    reading.read(setting, value, context, locator)
                } else {
                    report([.key(section), .key(key)], unknownKey(key, in: section))
                }
            }
        }
    }

    private func unknownSection(_ name: String, _ node: TOMLNode) -> String {
        if case .table = node {
            return "unknown section [\(name)]" + suggestion(NearestName.of(name, among: Setting.sections).map { "[\($0)]" })
        }
        let home = Setting.all.first { $0.key == name }.map { "; it belongs below [\($0.section)]" }
        return "unknown key \(name) outside of any section" + (home ?? "")
    }

    private func unknownKey(_ key: String, in section: String) -> String {
        let start = "unknown key \(key) in [\(section)]"
        if let near = NearestName.of(key, among: Setting.all.filter { $0.section == section }.map(\.key)) {
            return start + suggestion(near)
        }
        if let elsewhere = Setting.all.first(where: { $0.key == key }) { return start + "; it belongs below [\(elsewhere.section)]" }
        return start
    }

    private func suggestion(_ name: String?) -> String {
        name.map { "; did you mean \($0)?" } ?? ""
    }

    private mutating func report(_ path: [KeyLocator.Step], _ message: String) {
        reading.report(at: locator.place(of: path)?.key, message)
    }
}
