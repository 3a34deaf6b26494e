import IRCProtocol

/// What stands behind `AUDIT`: `[<number>] [BY <who>] [ON <target>] [ACTION <pattern>] [SINCE <time>]`.
struct AuditQuery: Equatable {
    /// Lines of one answer at most.
    static let limit = 200

    var count = 20
    var actor: String?
    var target: String?
    var action: String?
    /// How far back.
    var span: LastingTime?

    /// Nil when it makes no sense.
    init?(_ words: [String]) {
        var rest = words[...]
        if let number = rest.first.flatMap({ Int($0) }) {
            guard (1...Self.limit).contains(number) else { return nil }
            count = number
            rest.removeFirst()
        }
        while let word = rest.popFirst()?.uppercased() {
            guard let value = rest.popFirst() else { return nil }
            switch word {
            case "BY": actor = value
            case "ON": target = value
            case "ACTION": action = value
            case "SINCE":
                guard let time = LastingTime(value), time.seconds != nil else { return nil }
                span = time
            default: return nil
            }
        }
    }
}
