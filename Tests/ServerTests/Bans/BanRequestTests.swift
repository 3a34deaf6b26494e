import IRCProtocol
import Testing

@testable import Server

@Suite struct BanRequestTests {
    private func read(_ text: String) throws(BanRequest.Refusal) -> BanRequest {
        try BanRequest(text.split(separator: " ").map(String.init)) { $0 == "bob" ? "192.0.2.7" : nil }
    }

    @Test func everythingIsRead() throws {
        let request = try read("require-sasl FORCE 1d12h 192.0.2.9/24 bad  people | see ticket 5")
        #expect(request.target.text == "192.0.2.0/24" && request.action == .requireLogin && request.isForced)
        #expect(request.lasts.seconds == 129_600 && request.reason == "bad people" && request.operatorReason == "see ticket 5")
    }

    @Test func littleIsEnough() throws {
        let request = try read("bad!*@*")
        #expect(request.action == .reject && request.lasts.seconds == nil && !request.isForced)
        #expect(request.reason == "No reason given" && request.operatorReason.isEmpty)
        #expect(try read("bad!*@* | only us").reason == "No reason given")
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("*@192.0.2.1", "192.0.2.1"), ("*!*@2001:db8::1/32", "2001:db8::/32"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("bad@host", "*!bad@host"), ("a:Ann", "account:Ann"), ("did:did:plc:x", "did:did:plc:x"),
        ("handle:example.com", "handle:example.com"),
        ("r:*buy?now*", "realname:*buy?now*"), ("certificate:a1*", "certificate:a1*"), ("60 bad!*@*", "bad!*@*"), ("bob", "192.0.2.7"),
    ])
    func masks(_ typed: String, _ text: String) throws { #expect(try read(typed).target.text == text) }

    @Test(arguments: ["nobody", "m:bad!*@*", "channel:#c", "x!y@192.0.2.0/24", "account:"])
    func whatIsNoMask(_ typed: String) { #expect(throws: BanRequest.Refusal.noMask(typed)) { try read(typed) } }

    @Test func aTimeIsATime() {
        #expect(throws: BanRequest.Refusal.noTime("1x")) { try read("1x bad!*@*") }
        #expect(throws: BanRequest.Refusal.nothing) { try read("FORCE 60") }
        #expect(throws: BanRequest.Refusal.nothing) { try read("") }
    }

    @Test func reasonsAreCut() throws {
        let long = String(repeating: "é", count: 200)
        #expect(try read("bad!*@* \(long)|\(long)").reason.utf8.count == BanRequest.reasonLimit)
    }

    @Test(arguments: [
        ("0.0.0.0/7", true), ("10.0.0.0/8", false), ("2000::/15", true), ("2001::/16", false), ("*!*@*", true), ("a*!*@*", true),
        ("bad!*@*", false), ("realname:*", true), ("*!*@*.spam.example", false),
    ])
    func slips(_ typed: String, _ isBroad: Bool) throws { #expect(try read(typed).target.isBroad == isBroad) }
}
