import MainLoop
import Testing

@testable import ATProto

@LoopActor
@Suite struct DPoPNoncesTests {
    @Test func newestWinsPerOrigin() {
        let nonces = DPoPNonces()
        nonces.store("a1", for: "https://a")
        nonces.store("b1", for: "https://b")
        nonces.store("a2", for: "https://a")
        #expect(nonces.nonce(for: "https://a") == "a2")
        #expect(nonces.nonce(for: "https://b") == "b1")
        #expect(nonces.nonce(for: "https://c") == nil)
    }

    @Test func isBounded() {
        let nonces = DPoPNonces(capacity: 3)
        for index in 0..<3 { nonces.store("n", for: "\(index)") }
        nonces.store("m", for: "0")
        nonces.store("n", for: "3")
        #expect(nonces.count == 3)
        #expect(nonces.nonce(for: "1") == nil)
        #expect(nonces.nonce(for: "0") == "m")
    }

    @Test(arguments: ["", "with space", "line\nbreak", String(repeating: "x", count: 513)])
    func ignoresWhatIsNoNonce(_ text: String) {
        let nonces = DPoPNonces()
        nonces.store("good", for: "o")
        nonces.store(text, for: "o")
        #expect(nonces.nonce(for: "o") == "good")
    }
}
