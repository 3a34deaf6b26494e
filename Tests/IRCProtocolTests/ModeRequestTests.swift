import IRCProtocol
import Testing

/// Taking `MODE` apart loses no letter and uses no parameter twice.
@Suite struct ModeRequestTests {
    @Test func everyLetterIsAnsweredOnce() {
        let letters = Array("+-ovhaqbeIklimnstXZ9")
        for _ in 0..<5000 {
            let text = String((0..<Int.random(in: 0..<12)).map { _ in letters.randomElement() ?? "+" })
            let parameters = (0..<Int.random(in: 0..<8)).map { "p\($0)" }
            let request = ChannelModeRequest(letters: text, parameters: parameters)
            let answered = request.changes.count + request.unknown.count + request.missingParameter.count
            #expect(answered == text.count { $0 != "+" && $0 != "-" }, "\(text)")
            let used = request.changes.compactMap(\.parameter).filter { $0 != "*" }
            #expect(used == Array(parameters.prefix(used.count)), "\(text) \(parameters)")
        }
    }

    @Test func theLastSignCounts() {
        let request = ChannelModeRequest(letters: "m+-+-n", parameters: [])
        #expect(request.changes == [ModeChange(adding: true, mode: .moderated), ModeChange(adding: false, mode: .noExternal)])
    }

    @Test func aKeyIsTakenAwayWithoutKnowingIt() {
        #expect(ChannelModeRequest(letters: "-k", parameters: []).changes == [ModeChange(adding: false, mode: .key, parameter: "*")])
        #expect(ChannelModeRequest(letters: "-l", parameters: ["5"]).changes == [ModeChange(adding: false, mode: .limit)])
        #expect(ChannelModeRequest(letters: "+l", parameters: []).missingParameter == [.limit])
    }

    @Test func everyModeHasItsPlaceInTheClasses() {
        let kinds: [ChannelMode.Kind] = [.list, .always, .whenSet, .flag, .member]
        #expect(kinds.flatMap(ChannelMode.all).count == ChannelMode.allCases.count)
        #expect(ChannelMode.all(.member).count == MemberRank.allCases.count)
    }

    @Test func anEmptyTextHasNoSign() {
        let text = ModeText()
        #expect(text.isEmpty && text.letters.isEmpty && text.parameters.isEmpty)
    }

    @Test func everySetOfRanksIsOrdered() {
        for bits in 0..<32 {
            var ranks = MemberRanks()
            let held = MemberRank.allCases.filter { bits & 1 << Int($0.rawValue) != 0 }
            for rank in held { ranks.insert(rank) }
            #expect(ranks.highest == held.max())
            #expect(ranks.prefixes(all: true) == String("~&@%+".filter { sign in held.contains { $0.prefix == sign } }))
            for rank in MemberRank.allCases { #expect(ranks.atLeast(rank) == held.contains { $0 >= rank }) }
        }
    }
}
