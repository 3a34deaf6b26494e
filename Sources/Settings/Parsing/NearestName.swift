/// Finds what somebody meant who mistyped a name.
package enum NearestName {
    /// The candidate that takes the fewest changes, when they are few enough to be a slip: one in three letters, at least one, and at
    /// most four. Hyphens count as underscores and case does not count.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        let wanted = fold(name)
        let limit = min(4, max(1, wanted.count / 3))
        let nearest = candidates.map { ($0, distance(wanted, fold($0))) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= limit else { return nil }
        return nearest.0
    }

    private static func fold(_ name: String) -> [Character] {
        name.lowercased().prefix(64).map { $0 == "-" ? "_" : $0 }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    package static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (row, left) in one.enumerated() {
            var current = [row + 1]
            for (column, right) in other.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (left == right ? 0 : 1))
                if row > 0, column > 0, left == other[column - 1], one[row - 1] == right { cost = min(cost, beforeLast[column - 1] + 1) }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[other.count]
    }
}
