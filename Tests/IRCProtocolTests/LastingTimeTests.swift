import IRCProtocol
import Testing

@Suite struct LastingTimeTests {
    @Test(
        arguments: [
            ("60", 3600), ("1d12h", 129_600), ("2w", 1_209_600), ("90s", 90), ("1Y2MO3w4d5h6m7s", 38_898_367), ("3650d", 315_360_000),
        ] as [(String, Int64)])
    func spans(_ text: String, _ seconds: Int64) { #expect(LastingTime(text)?.seconds == seconds) }

    @Test(arguments: ["0", "0d"]) func forEver(_ text: String) {
        #expect(LastingTime(text) == LastingTime(seconds: nil) && LastingTime(text)?.text == "ever")
    }

    @Test(arguments: ["", "d", "1x", "1d2", "-5", "3651d", "99999999999999999999", "1 d", "١d"])
    func whatIsNoTime(_ text: String) { #expect(LastingTime(text) == nil) }

    @Test(arguments: [(129_600, "1d12h"), (59, "59s"), (31_536_000 + 90, "1y1m")] as [(Int64, String)])
    func texts(_ seconds: Int64, _ text: String) { #expect(LastingTime(seconds: seconds).text == text) }
}
