import Foundation
import Settings

/// The file of the message of the day.
enum MessageOfTheDay {
    /// Longer files are refused: every client gets all of it.
    static let byteLimit = 64 << 10
    /// What fits into one line of the protocol beside its numeric, in bytes.
    static let lineLimit = 400

    /// The lines of the file; none when the settings name no file.
    static func read(_ settings: Settings) throws(StartError) -> [String] {
        guard let path = settings.server.motd else { return [] }
        let subject = "server.motd: \(path)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartError(subject, "cannot read the file", remedy: "put it there and make it readable for this user, or remove the key")
        }
        guard data.count <= byteLimit else {
            throw StartError(subject, "is larger than \(ByteSize.write(byteLimit))", remedy: "shorten it")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw StartError(subject, "is not UTF-8 text", remedy: "save it as UTF-8")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // A carriage return or a NUL would end the line of the protocol.
            shortened(String(String.UnicodeScalarView(line.unicodeScalars.filter { $0 != "\r" && $0 != "\0" })))
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func shortened(_ line: String) -> String {
        var line = line
        while line.utf8.count > lineLimit { line.removeLast() }
        return line
    }
}
