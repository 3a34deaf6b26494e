import ATProto
import Accounts
import Foundation
import Testing

@Suite struct SASLReassemblerTests {
    private func run(_ pieces: [String], isWhole: (String) -> Bool = { _ in false }) -> [SASLReassembler.Result] {
        var reassembler = SASLReassembler()
        return pieces.map { reassembler.add($0, isWhole: isWhole) }
    }

    @Test func oneLineOfAnyOtherLengthIsWhole() {
        for length in [0, 1, 399, 401, 5000] {
            let text = String(repeating: "a", count: length)
            #expect(run([text]) == [.complete(text)])
        }
    }

    @Test func fourHundredBytesGoOn() {
        let piece = String(repeating: "a", count: 400)
        #expect(run([piece, "bc"]) == [.needsMore, .complete(piece + "bc")])
        #expect(run([piece, "+"]) == [.needsMore, .complete(piece)])
        #expect(run([piece, piece, "+"]) == [.needsMore, .needsMore, .complete(piece + piece)])
    }

    @Test func aWholeResponseOfFourHundredBytesIsSeen() {
        let piece = String(repeating: "a", count: 400)
        #expect(run([piece], isWhole: { $0.count == 400 }) == [.complete(piece)])
    }

    @Test func theTotalIsBounded() {
        let piece = String(repeating: "a", count: 400)
        let results = run(Array(repeating: piece, count: SASLReassembler.limit / 400 + 1))
        #expect(results.last == .tooLong)
        #expect(results.dropLast().allSatisfy { $0 == .needsMore })
    }

    @Test func anySplitGivesTheSameText() {
        for _ in 0..<200 {
            let text = String((0..<Int.random(in: 0..<2000)).map { _ in "abcdefgh".randomElement() ?? "a" })
            var pieces = stride(from: 0, to: text.count, by: 400).map { String(text.dropFirst($0).prefix(400)) }
            if text.count.isMultiple(of: 400) { pieces.append("+") }
            #expect(run(pieces).last == .complete(text))
        }
    }
}

@Suite struct SASLExchangeTests {
    private let now: Int64 = 1_767_225_600_000

    private func answer(_ json: String) -> String { Base64URL.encode(Data(json.utf8)) }

    @Test func theChallengeIsCompactAndOrdered() throws {
        let exchange = SASLExchange(.atprotoChallenge, sessionID: "abc", now: now)
        let text = String(decoding: try #require(Base64URL.decode(exchange.opening)), as: UTF8.self)
        #expect(text.hasPrefix(#"{"session_id":"abc","nonce":""#))
        #expect(text.hasSuffix(#"","timestamp":1767225600}"#))
        #expect(exchange.opening.utf8.count < 400)
        #expect(SASLExchange(.atprotoChallenge, sessionID: "abc", now: now).opening != exchange.opening)
    }

    @Test func webTokensComeThroughWithAnyDID() {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: now)
        #expect(exchange.receive(answer(#"{"did":"","method":"web-token","signature":"tok"}"#), now: now) == .verify(.webToken("tok")))
    }

    @Test func aSignatureIsOverTheChallengeAsSent() throws {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: now)
        let sent = try #require(Base64URL.decode(exchange.opening))
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        let step = exchange.receive(answer(#"{"signature":"AQI","did":"\#(did)","extra":{}}"#), now: now)
        #expect(step == .verify(.signature(did: did, signature: Data([1, 2]), challenge: sent)))
    }

    @Test func theWindowIsSixtySecondsEitherWay() {
        for (offset, isIn) in [(60, true), (-60, true), (61, false), (-61, false)] {
            var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: now)
            let step = exchange.receive(answer(#"{"did":"","method":"web-token","signature":"t"}"#), now: now + Int64(offset) * 1000)
            #expect(step == (isIn ? .verify(.webToken("t")) : .fail(.noChallenge)))
        }
    }

    @Test(arguments: ["!!!", "", "e30", "bm90IGpzb24"])
    func nonsenseIsABadResponse(_ text: String) {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: now)
        #expect(exchange.receive(text, now: now) == .fail(.badResponse))
    }

    @Test(arguments: [
        ("\0ann\0secret", Credential.plain(account: "ann", password: "secret")),
        ("ann\0ann\0a\u{E9}", .plain(account: "ann", password: "aé")),
    ])
    func plainIsTakenApart(_ text: String, _ credential: Credential) {
        var exchange = SASLExchange(.plain, sessionID: "a", now: now)
        #expect(exchange.opening == "+")
        #expect(exchange.receive(Data(text.utf8).base64EncodedString(), now: now) == .verify(credential))
    }

    @Test(arguments: ["", "ann", "ann\0secret", "\0\0secret", "\0ann\0a\0b"])
    func plainOfAnotherFormIsRefused(_ text: String) {
        var exchange = SASLExchange(.plain, sessionID: "a", now: now)
        #expect(exchange.receive(Data(text.utf8).base64EncodedString(), now: now) == .fail(.badResponse))
    }

    @Test func nobodyActsForSomebodyElse() {
        var exchange = SASLExchange(.plain, sessionID: "a", now: now)
        #expect(exchange.receive(Data("root\0ann\0secret".utf8).base64EncodedString(), now: now) == .fail(.rejected))
    }

    @Test func aStarAborts() {
        for mechanism in SASLMechanism.allCases {
            var exchange = SASLExchange(mechanism, sessionID: "a", now: now)
            #expect(exchange.receive("*", now: now) == .fail(.aborted))
        }
    }
}
