extension Sequence<String> {
    /// The words, joined by `separator` into lines of at most `limit` bytes, so that no word is cut. A word that is longer has a
    /// line of its own. The default leaves room for the names in front of any numeric.
    func joinedIntoLines(ofBytes limit: Int = 300, separator: String = " ") -> [String] {
        var lines: [String] = []
        for word in self {
            if let last = lines.last, last.utf8.count + 1 + word.utf8.count <= limit {
                lines[lines.count - 1] += separator + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}
