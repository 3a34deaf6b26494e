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

        /// Where the data is as long as the configuration does not say, and what that says.
        func read() -> (usual: String?, reading: SettingsReading) {
            let usual = (data ?? places.dataDirectory).map(Launch.absolute)
            let found = usual.map(DefaultPlaces.configuration).flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
            return (usual, SettingsFile.read(configuration ?? found, environment: places.overrides))
        }
    }

    /// Finds and reads the configuration.
    ///
    /// The file is `configuration`, else roost.toml in the data directory if that exists. The data directory is `data`, else the one that
    /// the file names, else the default one.
    /// - Throws: ``SettingsProblems`` or ``StartError``.
    package static func resolve(configuration: String?, data: String?, places: DefaultPlaces = .system) throws -> Launch {
        try Launch(Request(configuration: configuration, data: data, places: places))
    }

    /// What is allowed but should be known.
    package var warnings: [String] { request.places.overrides.warnings + settings.warnings }

    /// Where systemd put the credentials of the unit, if there are any.
    var credentials: String? { request.places.credentials }

    /// Looks at the configuration as it is now, and at the files that it names.
    package func inspect() -> Inspection { Inspection(request.read().reading, request.places.overrides) }

    /// As above, before there is a launch: nothing need be right with it.
    package static func inspect(configuration: String?, data: String?, places: DefaultPlaces = .system) -> Inspection {
        Inspection(Request(configuration: configuration, data: data, places: places).read().reading, places.overrides)
    }

    private init(_ request: Request) throws {
        let (usual, reading) = request.read()
        configurationFile = reading.file
        settings = try reading.get()
        guard let directory = request.data.map(Self.absolute) ?? settings.data.directory ?? usual else {
            throw StartError("data directory", "there is no home directory to put it in", remedy: "name one with --data")
        }
        dataDirectory = directory
        self.request = request
    }

    fileprivate static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).path
    }
}

extension DefaultPlaces {
    /// Those of this process.
    package static var system: DefaultPlaces {
        DefaultPlaces(environment: ProcessInfo.processInfo.environment, isRoot: geteuid() == 0)
    }
}
