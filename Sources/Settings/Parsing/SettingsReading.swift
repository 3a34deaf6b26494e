/// What a configuration says: the settings as far as they can be read, and everything that is wrong.
package struct SettingsReading: Sendable {
    /// A key that cannot be read has its default.
    package fileprivate(set) var settings = Settings()
    package fileprivate(set) var problems: [SettingsProblem] = []
    /// Keys that the environment decides, with the name of the variable, in the order of the declarations.
    package fileprivate(set) var overrides: [(key: String, variable: String)] = []
    /// As the user named it; nil: there is none.
    package let file: String?
    private var unread: Set<String> = []
    private var places: [String: Position] = [:]

    /// - Parameter file: what to call the file in messages.
    init(file: String?) {
        self.file = file
    }

    /// The settings.
    ///
    /// - Throws: all problems at once.
    package func get() throws(SettingsProblems) -> Settings {
        guard problems.isEmpty else { throw SettingsProblems(problems) }
        return settings
    }

    /// What is wrong with the value of `key`, where that stands.
    ///
    /// - Parameter message: begins with the key.
    package func problem(_ key: String, _ message: String) -> SettingsProblem {
        if let variable = overrides.first(where: { $0.key == key })?.variable {
            return SettingsProblem(file: "$" + variable, position: nil, message: message)
        }
        return SettingsProblem(file: file ?? "configuration", position: places[key], message: message)
    }

    mutating func report(at position: Position?, _ message: String) {
        problems.append(SettingsProblem(file: file ?? "configuration", position: position, message: message))
    }

    /// Takes the value of a key from the file.
    mutating func read(_ setting: Setting, _ node: TOMLNode, _ context: ReadingContext, _ locator: KeyLocator) {
        let path: [KeyLocator.Step] = [.key(setting.section), .key(setting.key)]
        places[setting.name] = locator.place(of: path)?.value
        do throws(ValueError) {
            try setting.read(node, context, &settings)
        } catch {
            unread.insert(setting.name)
            for finding in error.findings {
                let element = path + (finding.element.map { [.index($0)] } ?? [])
                let place = locator.place(of: element + finding.inside) ?? locator.place(of: element) ?? locator.place(of: path)
                report(at: place?.value, "\(setting.name): \(finding.message)")
            }
        }
    }

    /// The part of the file with these sections could not be read; nil: all of it.
    mutating func lose(_ sections: Set<String>?) {
        unread.formUnion(Setting.all.filter { sections?.contains($0.section) ?? true }.map(\.name))
    }

    /// Takes the value of a key from a variable of the environment.
    mutating func read(_ setting: Setting, _ text: String, from variable: String, _ context: ReadingContext) {
        overrides.append((setting.name, variable))
        // What the file says of it does not count any more.
        setting.copy(Settings(), &settings)
        do throws(ValueError) {
            try setting.read(setting.plain(text), context, &settings)
            unread.remove(setting.name)
        } catch {
            unread.insert(setting.name)
            for finding in error.findings { problems.append(problem(setting.name, "\(setting.name): \(finding.message)")) }
        }
    }

    /// A variable that has no value to take.
    mutating func reject(_ setting: Setting, _ variable: String, _ reason: String) {
        overrides.append((setting.name, variable))
        unread.insert(setting.name)
        problems.append(problem(setting.name, "\(setting.name): \(reason)"))
    }

    /// Looks for values that are impossible together, as far as all of them could be read.
    mutating func checkConsistency() {
        for finding in settings.contradictions where unread.isDisjoint(with: finding.keys) {
            problems.append(problem(finding.keys[0], "\(finding.keys[0]): \(finding.message)"))
        }
        problems = SettingsProblems(problems).list
    }
}
