import IRCProtocol
import Testing

@Suite struct NameTests {
    @Test(arguments: ["alice", "Alice_", "[x]", "a|b", "7up", "did", "zoë", "a.b"])
    func takesNicknames(_ text: String) {
        #expect(Nickname(text, limit: 32)?.text == text)
    }

    @Test(arguments: [
        "", "#a", "a b", "a!b", "a@b", "a*", "a?", "a,b", ":a", "a:b", "a/b", "$x", "~a", "-a", "+a", "@a", "a\u{7}", "a\u{200B}b",
        "a\u{202E}b",
        "\u{FFFD}",
    ])
    func refusesNicknames(_ text: String) {
        #expect(Nickname(text, limit: 32) == nil)
    }

    @Test func boundsNicknamesInBytes() {
        #expect(Nickname("aaaa", limit: 4) != nil)
        #expect(Nickname("aaaaa", limit: 4) == nil)
        #expect(Nickname("ééé", limit: 5) == nil)
    }

    @Test func namesAreComparedInASCII() {
        #expect(Nickname("ALICE[]", limit: 32) == Nickname("alice[]", limit: 32))
        #expect(Nickname("alice{}", limit: 32) != Nickname("alice[]", limit: 32))
        #expect(ChannelName("#Foo", limit: 64) == ChannelName("#foo", limit: 64))
        #expect(CaseMapping.fold("ÄBC") == "Äbc")
    }

    @Test(arguments: ["#c", "##", "#über", "#a.b-c"])
    func takesChannels(_ text: String) {
        #expect(ChannelName(text, limit: 64) != nil)
    }

    @Test(arguments: ["", "#", "c", "&c", "#a b", "#a,b", "#a:b", "#a\u{7}"])
    func refusesChannels(_ text: String) {
        #expect(ChannelName(text, limit: 64) == nil)
    }
}

@Suite struct MaskTests {
    @Test(arguments: [
        ("bob", "bob!*@*"), ("bob!x", "bob!x@*"), ("x@host", "*!x@host"), ("@host", "*!*@host"), ("a!b@c", "a!b@c"), ("*", "*!*@*"),
    ])
    func completesWhatPeopleType(_ typed: String, _ full: String) {
        #expect(Mask(user: typed).text == full)
    }

    @Test(arguments: [
        ("*", "", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a?c", "abc", true), ("a?c", "ac", false), ("A*", "abc", true),
        ("a?c", "aéc", true), ("*x*y*", "axbyc", true), ("*x*y*", "aybxc", false), ("", "a", false), ("a**", "a", true),
    ])
    func matches(_ pattern: String, _ subject: String, _ expected: Bool) {
        #expect(Mask(glob: pattern).matches(subject) == expected)
    }

    /// A pattern made to be slow takes no more steps than the product of the lengths.
    @Test func hostilePatternsEnd() {
        let pattern = String(repeating: "a*", count: 100) + "b"
        #expect(!Mask(glob: pattern).matches(String(repeating: "a", count: 400)))
    }
}
