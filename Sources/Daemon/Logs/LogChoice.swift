import Foundation
package import Logging
package import Settings

/// How to log at the start: what the command line says, else the environment, else the configuration.
package struct LogChoice: Sendable {
    package let level: Logger.Level
    package let format: Settings.Log.Format

    /// - Throws: ``StartError`` for a variable that makes no sense.
    package init(
        level: Logger.Level?, format: Settings.Log.Format?, settings: Settings,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartError) {
        let named = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let level {
            self.level = level
        } else if let text = named("ROOST_LOG_LEVEL") {
            guard let level = Logger.Level(rawValue: text) else {
                throw StartError("ROOST_LOG_LEVEL", "there is no log level \(text)", remedy: "write info, or another level")
            }
            self.level = level
        } else {
            self.level = Logger.Level(settings.log.level)
        }
        if let format {
            self.format = format
        } else if let text = named("ROOST_LOG_FORMAT") {
            guard let format = Settings.Log.Format(rawValue: text) else {
                throw StartError("ROOST_LOG_FORMAT", "there is no log format \(text)", remedy: "write text or json")
            }
            self.format = format
        } else {
            self.format = settings.log.format
        }
    }
}
