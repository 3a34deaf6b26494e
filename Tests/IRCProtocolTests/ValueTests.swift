import Foundation
import IRCProtocol
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
    ])
    func knowsTheCalendar(_ milliseconds: Int64, _ text: String) {
        #expect(ServerTime.format(milliseconds) == text)
        #expect(ServerTime.parse(text) == milliseconds)
    }

    @Test func timesSurviveTheRoundTrip() {
        for _ in 0..<5000 {
            let time = Int64.random(in: -62_135_596_800_000...253_402_300_799_999)
            #expect(ServerTime.parse(ServerTime.format(time)) == time)
        }
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-13-01T00:00:00.000Z", "2026-01-01T00:00:00.000", "2026-01-01 00:00:00.000Z", "2026-01-01T0x:00:00.000Z",
        "2026-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z",
    ])
    func refusesOtherTimes(_ text: String) {
        #expect(ServerTime.parse(text) == nil)
    }

    /// Every day of four hundred years comes after the one before, and back.
    @Test func daysFollowEachOther() {
        let day: Int64 = 86_400_000
        let start = ServerTime.parse("1900-01-01T00:00:00.000Z") ?? 0
        var before = ""
        for number in 0..<146_097 as Range<Int64> {
            let text = ServerTime.format(start + number * day)
            if text <= before || ServerTime.parse(text) != start + number * day { Issue.record("\(text) after \(before)") }
            before = text
        }
        #expect(before == "2299-12-31T00:00:00.000Z")
    }

    @Test func messageIDsSortByTimeAndDiffer() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<500).map { MessageID.make(time: 1_767_225_600_000 + Int64($0), using: &generator) }
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { $0.utf8.count == 26 })
        let same = (0..<500).map { _ in MessageID.make(time: 1, using: &generator) }
        #expect(Set(same).count == 500)
    }

    @Test func capabilitiesAreFoundByTheirNames() {
        for capability in Capability.allCases { #expect(Capability(name: capability.name) == capability) }
        #expect(Capability(name: "SASL") == nil)
        var set = CapabilitySet()
        set.insert(.sasl)
        set.insert(.batch)
        #expect(set.all == [.batch, .sasl])
        set.remove(.sasl)
        #expect(!set.contains(.sasl) && set.contains(.batch))
    }

    @Test func numericsHaveThreeDigits() {
        #expect(Numeric.welcome.digits == "001")
        #expect(Numeric.userModeIs.digits == "221")
        #expect(Set(Numeric.allCases.map(\.rawValue)).count == Numeric.allCases.count)
    }

    /// A numeric that nothing sends is a promise that nobody keeps.
    @Test func everyNumericIsSent() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/Server")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var text = ""
        for case let file as URL in files where file.pathExtension == "swift" { text += try String(contentsOf: file, encoding: .utf8) }
        // `.away` as an implicit member or of `Numeric`, not the `away` of some value.
        let words = try Regex("(?:[^A-Za-z0-9_)\\]?!\\\\]|Numeric)\\.([a-zA-Z0-9]+)")
        let used = Set(text.matches(of: words).compactMap { $0.output[1].substring.map(String.init) })
        let unused = Numeric.allCases.filter { !used.contains("\($0)") }
        #expect(unused.isEmpty)
    }
}
