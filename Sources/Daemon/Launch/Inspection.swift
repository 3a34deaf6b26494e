package import Settings

/// Everything that is wrong with a configuration and the files that it names, found without changing anything.
package struct Inspection: Sendable {
    /// As far as they can be read.
    package let settings: Settings
    /// What would keep a server from starting, or from doing what the configuration says, in the order of the file.
    package let problems: [SettingsProblem]
    /// What is allowed but should be known.
    package let warnings: [String]
    /// Keys that the environment decides, with the name of the variable.
    package let overrides: [(key: String, variable: String)]
    /// Path of the configuration file; nil: there is none.
    package let file: String?

    init(_ reading: SettingsReading, _ environment: SettingsEnvironment) {
        settings = reading.settings
        let files = Self.problems(of: reading.settings).map { reading.problem($0.setting?.name ?? "", $0.description) }
        problems = SettingsProblems(reading.problems + files).list
        warnings = environment.warnings + reading.settings.warnings
        (overrides, file) = (reading.overrides, reading.file)
    }

    /// What is wrong with the files that settings name.
    package static func problems(of settings: Settings) -> [StartError] {
        var problems: [StartError] = []
        func attempt(_ check: () throws(StartError) -> Void) {
            do { try check() } catch { problems.append(error) }
        }
        attempt { () throws(StartError) in _ = try MessageOfTheDay.read(settings) }
        problems += CertificateFiles.named(settings).flatMap(\.problems)
        attempt { () throws(StartError) in try ExtraAuthorities.check(settings) }
        attempt { () throws(StartError) in try Mailer.check(settings) }
        return problems
    }
}
