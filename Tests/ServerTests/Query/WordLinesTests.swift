import Testing

@testable import Server

@Suite struct WordLinesTests {
    @Test func linesAreFilledAndNoWordIsCut() {
        #expect(["aa", "bb", "cc"].joinedIntoLines(ofBytes: 5) == ["aa bb", "cc"])
        #expect(["aa", "bb"].joinedIntoLines(ofBytes: 4) == ["aa", "bb"])
        #expect(["éé", "é"].joinedIntoLines(ofBytes: 6) == ["éé", "é"])
        #expect(["too long", "b"].joinedIntoLines(ofBytes: 3) == ["too long", "b"])
        #expect([String]().joinedIntoLines() == [])
    }

    @Test func nothingIsLost() {
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 0..<40)).map { _ in String(repeating: "w", count: Int.random(in: 1..<20)) }
            let lines = words.joinedIntoLines(ofBytes: 30)
            #expect(lines.joined(separator: " ") == words.joined(separator: " "))
            #expect(lines.allSatisfy { $0.utf8.count <= 30 })
        }
    }
}
