package import Settings

/// Looks at the files that settings name, without changing anything.
package enum Inspection {
    /// What would keep a server with these settings from starting, or from doing what they say.
    package static func problems(of settings: Settings) -> [StartError] {
        var problems: [StartError] = []
        func attempt(_ check: () throws(StartError) -> Void) {
            do { try check() } catch { problems.append(error) }
        }
        attempt { () throws(StartError) in _ = try MessageOfTheDay.read(settings) }
        attempt { () throws(StartError) in _ = try CertificateFiles.named(settings)?.load() }
        attempt { () throws(StartError) in try ExtraAuthorities.check(settings) }
        return problems
    }
}
