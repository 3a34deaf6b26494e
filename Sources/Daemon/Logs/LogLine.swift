import IRCProtocol
import Logging
import Server

/// One line of the log. Clients and other servers choose some of what is in it: every part is bounded, and nothing in it can end the
/// line or move the cursor of a terminal.
struct LogLine {
    /// Bytes of one field; what is longer is cut.
    static let fieldLimit = 2048
    /// Fields of one line.
    static let fieldsLimit = 32

    /// Milliseconds since 1970.
    var time: Int64
    var level: Logger.Level
    /// The name of the event, such as `login.failed`; libraries write text instead.
    var message: String
    var fields: [(name: String, value: String)]

    /// - Parameter metadata: becomes the fields, in alphabetical order.
    init(time: Int64, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        (self.time, self.level, self.message) = (time, level, message.truncated(toBytes: Self.fieldLimit))
        fields = metadata.sorted { $0.key < $1.key }.prefix(Self.fieldsLimit).map { name, value in
            (name.truncated(toBytes: 64), "\(value)".truncated(toBytes: Self.fieldLimit))
        }
    }

    /// Whether the message is the name of an event: words of small letters with dots between them.
    private var isEvent: Bool {
        let words = message.split(separator: ".", omittingEmptySubsequences: false)
        let isSmall = { (letter: UInt8) in letter == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) }
        return words.count > 1 && words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isSmall) }
    }

    /// For people: `2026-01-02T03:04:05.678Z notice operator.kill by=… reason="too loud"`.
    ///
    /// - Parameter hasTime: false where something else notes the time.
    func text(hasTime: Bool = true) -> String {
        let start = (hasTime ? ServerTime.format(time) + " " : "") + "\(level.rawValue) " + Self.printable(message)
        return fields.reduce(into: start) { line, field in line += " \(Self.printable(field.name))=\(Self.quotedIfNeeded(field.value))" }
    }

    /// For programs: an object with `ts`, `level`, `event` and `fields`. What a library says is the field `message` of the event
    /// `library.message`.
    var json: String {
        let all = isEvent ? fields : [("message", message)] + fields.filter { $0.name != "message" }
        let members = all.map { Self.jsonText($0.name) + ":" + Self.jsonText($0.value) }.joined(separator: ",")
        let event = isEvent ? message : "library.message"
        return #"{"ts":"\#(ServerTime.format(time))","level":"\#(level.rawValue)","event":"\#(event)","fields":{\#(members)}}"#
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"\\".utf8.contains($0) }
        return isPlain ? value : jsonText(value)
    }

    private static func printable(_ text: String) -> String {
        String(jsonText(text).dropFirst().dropLast())
    }

    /// A JSON string. Control characters, those that change the direction of text and those that end a line are escaped.
    private static func jsonText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case _ where isHarmless(scalar): result.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let code = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
                }
            }
        }
        return result + "\""
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
