import IRCProtocol
import Store

/// A `CHATHISTORY` command taken apart (IRCv3 draft/chathistory); nothing here knows who asks.
enum ChatHistoryRequest: Equatable {
    case page(target: String, selector: HistorySelector, limit: Int)
    case targets(from: Int64, to: Int64, limit: Int)

    /// Why a command makes no sense: the code and the text of its FAIL.
    struct Refusal: Error, Equatable {
        var code: String
        var text: String
    }

    /// - Parameters:
    ///   - parameters: those of the command, the subcommand first.
    ///   - maximum: the most rows of one answer; a higher limit means this one.
    init(_ parameters: [String], maximum: Int) throws(Refusal) {
        guard let subcommand = parameters.first?.uppercased(), let needed = Self.counts[subcommand] else {
            throw Refusal(code: parameters.isEmpty ? "NEED_MORE_PARAMS" : "INVALID_PARAMS", text: "Unknown subcommand")
        }
        guard parameters.count >= needed else { throw Refusal(code: "NEED_MORE_PARAMS", text: "Insufficient parameters") }
        guard let limit = Int(parameters[needed - 1]), limit > 0 else {
            throw Refusal(code: "INVALID_PARAMS", text: "The limit must be a number above zero")
        }
        let rows = min(limit, maximum)
        if subcommand == "TARGETS" {
            self = .targets(from: try Self.moment(parameters[1], open: 0), to: try Self.moment(parameters[2], open: .max), limit: rows)
            return
        }
        let selector: HistorySelector =
            switch subcommand {
            case "LATEST": .latest(after: parameters[2] == "*" ? nil : try Self.bound(parameters[2]))
            case "BEFORE": .before(try Self.bound(parameters[2]))
            case "AFTER": .after(try Self.bound(parameters[2]))
            case "AROUND": .around(try Self.bound(parameters[2]))
            default: .between(try Self.bound(parameters[2]), try Self.bound(parameters[3]))
            }
        self = .page(target: parameters[1], selector: selector, limit: rows)
    }

    /// Parameters with the subcommand; the limit is the last.
    private static let counts = ["LATEST": 4, "BEFORE": 4, "AFTER": 4, "AROUND": 4, "BETWEEN": 5, "TARGETS": 4]

    private static func bound(_ text: String) throws(Refusal) -> HistorySelector.Bound {
        if text.hasPrefix("msgid="), text.utf8.count > 6 { return .id(String(text.dropFirst(6))) }
        if text.hasPrefix("timestamp="), let time = ServerTime.parse(text.dropFirst(10)) { return .time(time) }
        throw Refusal(code: "INVALID_PARAMS", text: "Expected msgid=<id> or timestamp=<YYYY-MM-DDThh:mm:ss.sssZ>")
    }

    private static func moment(_ text: String, open: Int64) throws(Refusal) -> Int64 {
        if text == "*" { return open }
        guard case .time(let time) = try bound(text) else {
            throw Refusal(code: "INVALID_PARAMS", text: "TARGETS takes timestamps")
        }
        return time
    }
}
