/// What a reload does: which keys changed, and which of them count only after a restart.
package struct SettingsChange: Equatable, Sendable {
    /// Names of changed keys that count at once.
    package let applied: [String]
    /// Names of changed keys that need a restart.
    package let waiting: [String]
    /// The new settings, with the values of ``waiting`` still as they were.
    package let settings: Settings

    package init(from old: Settings, to new: Settings) {
        var applied: [String] = []
        var waiting: [String] = []
        var settings = new
        for setting in Setting.all where !setting.isEqual(old, new) {
            switch setting.effect {
            case .reload: applied.append(setting.name)
            case .restart:
                waiting.append(setting.name)
                setting.copy(old, &settings)
            }
        }
        // What is fine in the file may be impossible beside what still waits for the restart: then that waits too.
        while let key = settings.contradictions.flatMap(\.keys).first(where: { applied.contains($0) }) {
            applied.removeAll { $0 == key }
            waiting.append(key)
            Setting.all.first { $0.name == key }?.copy(old, &settings)
        }
        self.applied = applied
        self.waiting = waiting
        self.settings = settings
    }
}
