package import Settings

/// Why the daemon cannot start. Its text is one line that names the key or path and what to do about it.
package struct StartError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Parameters:
    ///   - subject: a configuration key, as `listen.tls`, or a path.
    ///   - remedy: what the operator can do.
    package init(_ subject: String, _ reason: String, remedy: String) {
        description = "\(subject): \(reason); \(remedy)"
    }

    /// - Parameter description: the whole line.
    init(_ description: String) {
        self.description = description
    }

    /// The configuration key that it is about, if it is about one.
    package var setting: Setting? {
        Setting.all.first { description.hasPrefix($0.name + ":") }
    }

    /// Takes over the text of another module's error, which already says all of this.
    package init(_ error: some Error & CustomStringConvertible) {
        description = error.description
    }
}
