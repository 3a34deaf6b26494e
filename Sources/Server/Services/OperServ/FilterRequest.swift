import IRCProtocol

/// What was typed behind `FILTER ADD`: an action, options, a pattern, and behind a `|` the reason.
struct FilterRequest {
    /// What is wrong with it.
    enum Refusal: Error, Equatable {
        case nothing
        case noAction(String)
        case noOption(String)
        case tooLong
        case tooBroad(String)

        var text: String {
            switch self {
            case .nothing: ""
            case .noAction(let word):
                "\(word.asParameter) is no action: write \(ContentFilter.Action.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", "))"
            case .noOption(let word): "\(word.asParameter) makes no sense"
            case .tooLong: "A pattern has at most \(FilterPattern.limit) bytes"
            case .tooBroad(let pattern): "\(pattern) catches almost anything. FORCE before the pattern does it all the same"
            }
        }
    }

    /// For HELP.
    static let help = [
        "Actions: WARN tells operators (MODE +s m), SILENT drops it and lets the sender think that it was sent, BLOCK drops it and says so,",
        "KILL disconnects, BAN disconnects and bans the address, for ever or for BAN=<time>. The strictest filter that fits decides.",
        "Options: FOR=<time> ends the filter, IN=message,topic,leave says where it looks (everywhere), ACCOUNTS spares people who are logged in, "
            + "EXCEPT=#channel,#other spares channels, FORCE takes a pattern that catches almost anything.",
        "A pattern with * or ? is compared with the whole text: *free*money*. Without them it is a word or phrase anywhere in the text: buy now.",
        "Formatting and case do not count. Operators and what is said to services are not filtered. A time is 1d12h, or minutes.",
        "Example: FILTER ADD BLOCK FOR=1d ACCOUNTS *http://*.example/* | No advertising",
    ]

    var action: ContentFilter.Action
    var ban = LastingTime(seconds: nil)
    var lasts = LastingTime(seconds: nil)
    var places = Set(ContentFilter.Place.allCases)
    var sparesAccounts = false
    var sparedChannels: [String] = []
    var pattern: FilterPattern
    var reason = "Your words are not allowed here"

    /// - Parameter words: what was typed.
    init(_ words: [String]) throws(Refusal) {
        guard let first = words.first else { throw .nothing }
        guard let action = ContentFilter.Action(rawValue: first.lowercased()) else { throw .noAction(first) }
        self.action = action
        var (rest, isForced) = (words.dropFirst(), false)
        pattern = FilterPattern("")
        while let word = rest.first {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1] : ""
            switch parts.first {
            case "FORCE" where parts.count == 1: isForced = true
            case "ACCOUNTS" where parts.count == 1: sparesAccounts = true
            case "FOR" where parts.count > 1:
                guard let time = LastingTime(value) else { throw .noOption(word) }
                lasts = time
            case "BAN" where parts.count > 1:
                guard let time = LastingTime(value), action == .ban else { throw .noOption(word) }
                ban = time
            case "IN" where parts.count > 1:
                let names = value.split(separator: ",")
                let found = names.compactMap { ContentFilter.Place(rawValue: $0.lowercased()) }
                guard found.count == names.count, !found.isEmpty else { throw .noOption(word) }
                places = Set(found)
            case "EXCEPT" where parts.count > 1:
                sparedChannels = value.split(separator: ",").prefix(50).map { CaseMapping.fold($0) }
            default:
                try takePattern(rest.joined(separator: " "), isForced: isForced)
                return
            }
            rest = rest.dropFirst()
        }
        throw .nothing
    }

    private mutating func takePattern(_ text: String, isForced: Bool) throws(Refusal) {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        let typed = parts[0].joined(separator: " ")
        guard !typed.isEmpty else { throw .nothing }
        guard typed.utf8.count <= FilterPattern.limit else { throw .tooLong }
        pattern = FilterPattern(typed)
        guard isForced || !pattern.isBroad else { throw .tooBroad(typed) }
        let why = parts.count > 1 ? parts[1].joined(separator: " ").truncated(toBytes: BanRequest.reasonLimit) : ""
        if !why.isEmpty { reason = why }
    }
}
