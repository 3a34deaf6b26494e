import Foundation
package import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes the configuration file of a new server.
package enum NewConfiguration {
    /// Writes to `configuration`, else to roost.toml in the data directory, and makes the folders it needs.
    ///
    /// - Returns: absolute path of the file.
    /// - Throws: ``ValueError`` for a domain that is none, ``StartError`` when the file exists or cannot be written.
    package static func write(
        domain: String, email: String, configuration: String?, data: String?, places: DefaultPlaces = .system
    ) throws -> String {
        guard let data = data ?? places.dataDirectory else {
            throw StartError("data directory", "there is no home directory to put it in", remedy: "name one with --data")
        }
        let directory = absolute(data)
        let text = try StarterFile.text(domain: domain, data: directory, email: email)
        guard let configuration else {
            return try create(DefaultPlaces.configuration(in: DataDirectory.prepare(directory).path), text)
        }
        let path = absolute(configuration)
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        } catch {
            throw StartError(path, "cannot make the folder of the file", remedy: "make it yourself, or name another file with --config")
        }
        return try create(path, text)
    }

    private static func create(_ path: String, _ text: String) throws(StartError) -> String {
        // The file holds no secrets, and the user that roost runs as must be able to read it.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? StartError(path, "the file exists already", remedy: "edit it, or name another one with --config")
                : StartError(path, lastSystemError(), remedy: "name another file with --config")
        }
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        } catch {
            throw StartError(path, "cannot write the file", remedy: "see whether the disk is full")
        }
        return path
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).path
    }
}
