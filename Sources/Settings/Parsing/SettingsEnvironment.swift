import Foundation

/// Keys that variables of the environment decide: `ROOST_LIMITS_SEND_QUEUE` is `limits.send_queue`. They count more than the file.
package struct SettingsEnvironment: Sendable {
    private static let prefix = "ROOST_"
    /// After the name of a variable: its value is the name of a file with the value, as with secrets of containers.
    private static let fileSuffix = "_FILE"
    /// Bytes of such a file.
    static let fileLimit = 64 << 10
    /// Variables that are no keys.
    private static let others: Set<String> = ["ROOST_DATA"]

    /// Those that are set, by name.
    private let variables: [String: String]
    /// Absolute path of the working directory, from which relative paths start.
    private let directory: String

    /// - Parameter environment: all variables; empty ones count as not set.
    package init(_ environment: [String: String] = [:], directory: String = FileManager.default.currentDirectoryPath) {
        variables = environment.filter { $0.key.hasPrefix(Self.prefix) && !$0.value.isEmpty }
        self.directory = directory
    }

    /// The variable for a key.
    package static func variable(for setting: Setting) -> String {
        "\(prefix)\(setting.section)_\(setting.key)".uppercased()
    }

    /// Variables that look like keys and are none, with what may have been meant. They are no mistakes: other programs choose names too.
    package var warnings: [String] {
        let known = Setting.all.map(Self.variable)
        let all = Self.others.union(known).union(known.map { $0 + Self.fileSuffix })
        return variables.keys.sorted().filter { !all.contains($0) }.map { name in
            let near = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "$\(name): there is no such key" + near
        }
    }

    func apply(to reading: inout SettingsReading) {
        let context = ReadingContext(directory: directory)
        for setting in Setting.all {
            let name = Self.variable(for: setting)
            switch (variables[name], variables[name + Self.fileSuffix]) {
            case (nil, nil): break
            case (let text?, nil): reading.read(setting, text, from: name, context)
            case (nil, let path?):
                if let text = content(context.absolute(path)) {
                    reading.read(setting, text, from: name + Self.fileSuffix, context)
                } else {
                    reading.reject(
                        setting, name + Self.fileSuffix, "\(path) is no readable text of at most \(ByteSize.write(Self.fileLimit))")
                }
            case (_?, _?): reading.reject(setting, name, "$\(name) and $\(name)\(Self.fileSuffix) are both set; unset one")
            }
        }
    }

    /// The text of a file without the end of its last line.
    private func content(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: Self.fileLimit + 1),
            data.count <= Self.fileLimit, let text = String(validating: data, as: UTF8.self)
        else { return nil }
        return text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
