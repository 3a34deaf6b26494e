import IRCProtocol
import Testing

/// The matcher against one that is slow, obvious and bounded by a table.
@Suite struct MaskPropertyTests {
    /// `table[i]`: whether the pattern so far fits the first `i` characters of the subject.
    private func fits(_ pattern: [Character], _ subject: [Character]) -> Bool {
        var table = [true] + Array(repeating: false, count: subject.count)
        for letter in pattern {
            var next = Array(repeating: false, count: subject.count + 1)
            next[0] = letter == "*" && table[0]
            for index in 0..<subject.count {
                switch letter {
                case "*": next[index + 1] = table[index + 1] || next[index]
                case "?": next[index + 1] = table[index]
                default: next[index + 1] = table[index] && subject[index] == letter
                }
            }
            table = next
        }
        return table[subject.count]
    }

    @Test func agreesWithTheTable() {
        for _ in 0..<20_000 {
            let pattern = (0..<Int.random(in: 0..<9)).map { _ in "ab*?é".randomElement() ?? "*" }
            let subject = (0..<Int.random(in: 0..<12)).map { _ in "abé".randomElement() ?? "a" }
            let answer = Mask(glob: String(pattern)).matches(String(subject))
            #expect(answer == fits(pattern, subject), "\(String(pattern)) on \(String(subject))")
        }
    }

    /// The longest mask and the longest line there can be, made to go wrong as late as possible. A matcher that tried
    /// every way would not come back.
    @Test(arguments: ["a*", "*a", "a*?*", "*?a", "aa*"])
    func hostilePatternsEnd(_ piece: String) {
        let pattern = String(repeating: piece, count: 500 / piece.utf8.count) + "b"
        #expect(!Mask(glob: pattern).matches(String(repeating: "a", count: 510)))
        #expect(Mask(glob: String(repeating: "*", count: 500) + "a").matches(String(repeating: "a", count: 510)))
    }

    @Test func masksAreEqualWhateverTheirCase() {
        #expect(Mask(user: "Bob") == Mask(user: "bOB!*@*"))
        #expect(Set([Mask(glob: "A*"), Mask(glob: "a*")]).count == 1)
        #expect(Mask(glob: "A*").text == "A*")
    }
}
