import Foundation

/// Reads a configuration file from disk.
package enum SettingsFile {
    /// Longer files are refused.
    package static let byteLimit = 1 << 20

    /// Reads the file, and what the environment says besides.
    ///
    /// - Parameter path: as the user wrote it, relative to the working directory; nil: there is no file. One that cannot be read is one
    ///   problem.
    package static func read(_ path: String?, environment: SettingsEnvironment = SettingsEnvironment()) -> SettingsReading {
        guard let path else { return SettingsParser.read(nil, file: nil, directory: "/", environment: environment) }
        let url = URL(fileURLWithPath: path)
        do throws(SettingsProblem) {
            let text = try text(path, at: url)
            return SettingsParser.read(text, file: path, directory: url.deletingLastPathComponent().path, environment: environment)
        } catch {
            var reading = SettingsReading(file: path)
            reading.report(at: nil, error.message)
            return reading
        }
    }

    private static func text(_ path: String, at url: URL) throws(SettingsProblem) -> String {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: url)
            data = try handle.read(upToCount: byteLimit + 1) ?? Data()
            try handle.close()
        } catch {
            throw problem(path, "cannot read the configuration file: \((error as NSError).readableReason)")
        }
        guard data.count <= byteLimit else {
            throw problem(path, "larger than \(ByteSize.write(byteLimit)): this is no configuration file")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw problem(path, "not UTF-8 text") }
        return text
    }

    private static func problem(_ path: String, _ message: String) -> SettingsProblem {
        SettingsProblem(file: path, position: nil, message: message)
    }
}

extension NSError {
    /// The reason the system gives, such as "No such file or directory".
    fileprivate var readableReason: String {
        let cause = userInfo[NSUnderlyingErrorKey] as? NSError ?? self
        return cause.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(cause.code))) : localizedDescription
    }
}
