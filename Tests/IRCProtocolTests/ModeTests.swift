import IRCProtocol
import Testing

@Suite struct ModeTests {
    @Test func parametersGoToTheLettersThatTakeThem() {
        let request = ChannelModeRequest(letters: "+ob-k+lm", parameters: ["bob", "x!*@*", "key", "5"])
        #expect(
            request.changes == [
                ModeChange(adding: true, mode: .op, parameter: "bob"), ModeChange(adding: true, mode: .ban, parameter: "x!*@*"),
                ModeChange(adding: false, mode: .key, parameter: "key"), ModeChange(adding: true, mode: .limit, parameter: "5"),
                ModeChange(adding: true, mode: .moderated),
            ])
        #expect(request.unknown.isEmpty && request.missingParameter.isEmpty)
    }

    @Test func saysWhatIsUnknownOrMissing() {
        let request = ChannelModeRequest(letters: "+Zko", parameters: [])
        #expect(request.unknown == ["Z"])
        #expect(request.missingParameter == [.key, .op])
        #expect(request.changes.isEmpty)
    }

    @Test func aListWithoutParameterIsAQuestion() {
        let changes = ChannelModeRequest(letters: "b", parameters: []).changes
        #expect(changes == [ModeChange(adding: true, mode: .ban)])
    }

    @Test func theTextOfChangesReadsLikeTheCommand() {
        var text = ModeText()
        text.append(adding: true, letter: "o", parameter: "a")
        text.append(adding: true, letter: "m")
        text.append(adding: false, letter: "v", parameter: "b")
        #expect(text.letters == "+om-v")
        #expect(text.parameters == ["a", "b"])
    }

    @Test func ranksStandInOrder() {
        var ranks = MemberRanks(.voice, .op)
        #expect(ranks.highest == .op)
        #expect(ranks.prefixes(all: true) == "@+")
        #expect(ranks.prefixes(all: false) == "@")
        #expect(ranks.atLeast(.halfop))
        #expect(!ranks.atLeast(.admin))
        ranks.remove(.op)
        #expect(ranks.highest == .voice)
        for rank in MemberRank.allCases {
            #expect(MemberRank(mode: rank.mode) == rank)
            #expect(MemberRank(prefix: rank.prefix) == rank)
        }
    }

    @Test func userModesTellWhatChanged() {
        var modes = UserModes()
        #expect(modes.text == "+")
        let changes = [modes.set(.invisible, true), modes.set(.invisible, true), modes.set(.oper, true)]
        #expect(changes == [true, false, true])
        #expect(modes.text == "+io")
        #expect(modes.contains(.oper) && !modes.contains(.registered))
    }
}
