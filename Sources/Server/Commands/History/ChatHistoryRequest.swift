import IRCProtocol
import Store

/// A `CHATHISTORY` command taken apart (IRCv3 draft/chathistory); nothing here knows who asks.
enum ChatHistoryRequest: Equatable {
    case page(target: String, selector: HistorySelector, limit: Int)
    case targets(Range, limit: Int)

    /// Which conversations TARGETS asks for: those whose newest message lies between the two times.
    struct Range: Equatable {
        /// Milliseconds since 1970; not part of the range.
        var from: Int64
        var to: Int64
        /// The limit counts from the newest, because the first bound was the later one.
        var newestFirst: Bool
        /// `TARGETS * *` is what freeq clients send who want people only.
        var withChannels: Bool
    }

    /// Why a command makes no sense: the code, the context and the text of its FAIL.
    struct Refusal: Error, Equatable {
        var code = FailCode.invalidParams
        /// What was wrong, as the client wrote it.
        var context: [String] = []
        var text: String
    }

    /// - Parameters:
    ///   - parameters: those of the command, the subcommand first.
    ///   - maximum: the most rows of one answer; a higher limit means this one.
    init(_ parameters: [String], maximum: Int) throws(Refusal) {
        guard let subcommand = parameters.first?.uppercased() else { throw Refusal(text: "Insufficient parameters") }
        guard let needed = Self.counts[subcommand] else { throw Refusal(text: "Unknown command") }
        guard parameters.count >= needed else { throw Refusal(text: "Insufficient parameters") }
        guard parameters.count == needed else { throw Refusal(text: "Too many parameters") }
        guard let limit = Int(parameters[needed - 1]), limit > 0 else {
            throw Refusal(context: [parameters[needed - 1]], text: "The limit must be a number above zero")
        }
        let rows = min(limit, maximum)
        if subcommand == "TARGETS" {
            self = .targets(try Self.range(parameters[1], parameters[2]), limit: rows)
            return
        }
        let target = parameters[1]
        let selector: HistorySelector =
            switch subcommand {
            case "LATEST": .latest(after: parameters[2] == "*" ? nil : try Self.bound(parameters[2], target))
            case "BEFORE": .before(try Self.bound(parameters[2], target))
            case "AFTER": .after(try Self.bound(parameters[2], target))
            case "AROUND": .around(try Self.bound(parameters[2], target))
            default: .between(try Self.bound(parameters[2], target), try Self.bound(parameters[3], target))
            }
        self = .page(target: target, selector: selector, limit: rows)
    }

    /// Parameters with the subcommand; the limit is the last.
    private static let counts = ["LATEST": 4, "BEFORE": 4, "AFTER": 4, "AROUND": 4, "BETWEEN": 5, "TARGETS": 4]

    private static func bound(_ text: String, _ target: String) throws(Refusal) -> HistorySelector.Bound {
        let parts = text.split(separator: "=", maxSplits: 1)
        switch (parts.first, parts.count) {
        case ("msgid", 2): return .id(String(parts[1]))
        case ("timestamp", 2):
            if let time = ServerTime.parse(parts[1]) { return .time(time) }
            throw Refusal(context: [text], text: "Invalid timestamp; expected timestamp=<YYYY-MM-DDThh:mm:ss.sssZ>")
        case ("msgid", _), ("timestamp", _), (_, 0), (_, 1):
            throw Refusal(context: [text], text: "Expected msgid=<id> or timestamp=<YYYY-MM-DDThh:mm:ss.sssZ>")
        default:
            throw Refusal(code: .invalidMsgreftype, context: [target], text: "Messages are referred to by msgid and timestamp only")
        }
    }

    private static func range(_ first: String, _ second: String) throws(Refusal) -> Range {
        guard first != "*" || second != "*" else { return Range(from: 0, to: .max, newestFirst: true, withChannels: false) }
        let (one, other) = (try moment(first, open: 0), try moment(second, open: .max))
        return Range(from: min(one, other), to: max(one, other), newestFirst: one > other, withChannels: true)
    }

    private static func moment(_ text: String, open: Int64) throws(Refusal) -> Int64 {
        if text == "*" { return open }
        guard case .time(let time) = try bound(text, "*") else { throw Refusal(context: [text], text: "TARGETS takes timestamps") }
        return time
    }
}
