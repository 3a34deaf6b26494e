import Foundation
package import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a start goes by: the settings, where they came from, and where the data is.
package struct Launch: Sendable {
    package var settings: Settings
    /// Path of the configuration file; `nil` when there is none and the defaults count.
    package var configurationFile: String?
    /// Absolute path.
    package var dataDirectory: String

    private let request: Request

    /// What the command line asked for.
    private struct Request: Sendable {
        var configuration: String?
        var data: String?
        var places: DefaultPlaces
    }

    /// Finds and reads the configuration.
    ///
    /// The file is `configuration`, else roost.toml in the data directory if that exists. The data directory is `data`, else the one that
    /// the file names, else the default one.
    /// - Throws: ``SettingsProblems`` or ``StartError``.
    package static func resolve(configuration: String?, data: String?, places: DefaultPlaces = .system) throws -> Launch {
        try Launch(Request(configuration: configuration, data: data, places: places))
    }

    /// Where systemd put the credentials of the unit, if there are any.
    var credentials: String? { request.places.credentials }

    /// The same once more: the files may have changed.
    package func again() throws -> Launch {
        try Launch(request)
    }

    private init(_ request: Request) throws {
        let usual = (request.data ?? request.places.dataDirectory).map(Self.absolute)
        let found = usual.map(DefaultPlaces.configuration).flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
        configurationFile = request.configuration ?? found
        settings = try configurationFile.map { path in try SettingsFile.read(path) } ?? Settings()
        guard let directory = request.data.map(Self.absolute) ?? settings.data.directory ?? usual else {
            throw StartError("data directory", "there is no home directory to put it in", remedy: "name one with --data")
        }
        dataDirectory = directory
        self.request = request
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).path
    }
}

extension DefaultPlaces {
    /// Those of this process.
    package static var system: DefaultPlaces {
        DefaultPlaces(environment: ProcessInfo.processInfo.environment, isRoot: geteuid() == 0)
    }
}
