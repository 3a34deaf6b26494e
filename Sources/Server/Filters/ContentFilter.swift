import IRCProtocol
import Store

/// A filter of what people say.
package struct ContentFilter: Sendable {
    /// What happens to what it catches; the later ones count more.
    package enum Action: String, Sendable, CaseIterable, Comparable {
        /// Operators are told.
        case warn
        /// Nobody gets it, and who said it does not learn that.
        case silent
        /// Nobody gets it.
        case block
        /// Who said it is disconnected.
        case kill
        /// And kept out.
        case ban

        package static func < (left: Action, right: Action) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// Where it looks.
    enum Place: String, Sendable, CaseIterable {
        /// What is said, in channels and to people, also edits, reactions and what is relayed.
        case message
        case topic
        /// The reasons of PART and QUIT.
        case leave
    }

    let pattern: FilterPattern
    let action: Action
    let places: Set<Place>
    let sparedChannels: Set<String>
    let record: FilterRecord
    /// Since it is in memory.
    var hits = 0

    /// Nil for a record of another version of this program.
    init?(_ record: FilterRecord) {
        let words = record.places.split(separator: ",").map(String.init)
        let places = words.compactMap { Place(rawValue: $0) }
        guard let action = Action(rawValue: record.action), places.count == words.count, !places.isEmpty else { return nil }
        pattern = FilterPattern(record.pattern)
        (self.action, self.places, self.record) = (action, Set(places), record)
        sparedChannels = Set(record.sparedChannels.split(separator: ",").map(String.init))
    }

    /// - Parameter now: milliseconds since 1970.
    func isOver(at now: Int64) -> Bool { record.expiresAt.map { $0 <= now } ?? false }

    /// Whether it looks at what somebody says there.
    ///
    /// - Parameter channel: folded; nil: it is said to a person.
    func looks(at place: Place, in channel: String?, hasAccount: Bool) -> Bool {
        places.contains(place) && !(record.sparesAccounts && hasAccount) && !(channel.map(sparedChannels.contains) ?? false)
    }
}

/// All of them, the oldest first. Bounded by `Limits.filters`.
struct ContentFilters {
    private(set) var all: [ContentFilter] = []

    var isEmpty: Bool { all.isEmpty }

    subscript(id: Int64) -> ContentFilter? { all.first { $0.record.id == id } }

    func find(_ pattern: String) -> ContentFilter? {
        all.first { $0.pattern.text.lowercased() == pattern.lowercased() }
    }

    /// In the place of those of the same pattern.
    mutating func insert(_ filter: ContentFilter) {
        all.removeAll { $0.pattern.text.lowercased() == filter.pattern.text.lowercased() }
        all.append(filter)
    }

    mutating func remove(_ id: Int64) { all.removeAll { $0.record.id == id } }

    /// - Parameter now: milliseconds since 1970.
    mutating func expire(at now: Int64) {
        if all.contains(where: { $0.isOver(at: now) }) { all.removeAll { $0.isOver(at: now) } }
    }

    /// The filter that decides on `text`: that with the strictest action of those that catch it. All of them count it.
    mutating func verdict(on text: FilteredText, at place: ContentFilter.Place, in channel: String?, hasAccount: Bool) -> ContentFilter? {
        var strictest: Int?
        for index in all.indices
        where all[index].looks(at: place, in: channel, hasAccount: hasAccount) && all[index].pattern.matches(text) {
            all[index].hits += 1
            if strictest.map({ all[$0].action < all[index].action }) ?? true { strictest = index }
        }
        return strictest.map { all[$0] }
    }
}
