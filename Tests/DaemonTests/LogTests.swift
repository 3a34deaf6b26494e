import Foundation
import Logging
import Settings
import Synchronization
import Testing

@testable import Daemon

@Suite struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(time: 1_767_225_600_123, level: .warning, message: message, metadata: metadata)
    }

    @Test func textIsForPeople() {
        let line = line("login.failed", ["by": "wren", "reason": "no such account", "empty": ""])
        #expect(line.text() == #"2026-01-01T00:00:00.123Z warning login.failed by=wren empty="" reason="no such account""#)
        #expect(line.text(hasTime: false).hasPrefix("warning login.failed "))
    }

    @Test func jsonIsForPrograms() throws {
        let line = line("login.failed", ["b": "é \"x\" \\", "a": "1"])
        #expect(
            line.json
                == ##"{"ts":"2026-01-01T00:00:00.123Z","level":"warning","event":"login.failed","fields":{"a":"1","b":"é \"x\" \\"}}"##)
    }

    @Test(arguments: ["Service finished", "Event", "a..b", ".a", "a.B", "a.1"])
    func whatALibrarySaysIsNoEvent(_ text: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(line(text, ["message": "other"]).json.utf8)) as? [String: Any]
        #expect(object?["event"] as? String == "library.message")
        #expect(object?["fields"] as? [String: String] == ["message": text])
    }

    /// What clients choose can neither end a line nor do anything to a terminal, and can be read back.
    @Test(arguments: ["a\nb", "a\r\nb", "\u{1B}[2Jx", "\u{202E}abc", "\u{2028}", "\u{0}", "\u{7F}", "\u{85}", "\u{E0041}", "a=b \"c\""])
    func nothingGetsOutOfItsField(_ text: String) throws {
        let line = line("client.cut", ["nick": "\(text)"])
        for text in [line.text(), line.json] {
            #expect(text.unicodeScalars.allSatisfy { ![.control, .format, .lineSeparator].contains($0.properties.generalCategory) })
        }
        let object = try JSONSerialization.jsonObject(with: Data(line.json.utf8)) as? [String: Any]
        #expect(object?["fields"] as? [String: String] == ["nick": text])
    }

    @Test func everythingIsBounded() {
        let long = String(repeating: "é", count: 100_000)
        let many = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("k\($0)", Logger.MetadataValue.string(long)) })
        let line = line(long, many)
        #expect(line.fields.count == LogLine.fieldsLimit && line.message.utf8.count <= LogLine.fieldLimit)
        #expect(line.fields.allSatisfy { $0.value.utf8.count <= LogLine.fieldLimit })
    }
}

@Suite struct StandardErrorLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logger(_ format: Settings.Log.Format, _ level: LogLevel, isJournal: Bool, _ lines: Lines) -> Logger {
        Logger(label: "test") { _ in
            StandardErrorLog(format: format, level: level, isJournal: isJournal) { line in lines.all.withLock { $0.append(line) } }
        }
    }

    @Test func theJournalGetsTheLevelFirstAndNoTime() {
        let (lines, level) = (Lines(), LogLevel(.trace))
        let text = logger(.text, level, isJournal: true, lines)
        text.critical("a.b")
        text.error("a.b")
        text.warning("a.b")
        text.notice("a.b")
        text.info("a.b")
        text.debug("a.b")
        logger(.json, level, isJournal: true, lines).error("a.b")
        let all = lines.all.withLock { $0 }
        #expect(
            all.prefix(6) == [
                "<2>critical a.b\n", "<3>error a.b\n", "<4>warning a.b\n", "<5>notice a.b\n", "<6>info a.b\n", "<7>debug a.b\n",
            ])
        #expect(all.last?.hasPrefix("<3>{\"ts\":") == true)
    }

    @Test func theJournalIsKnownByTheSocketOfStandardError() {
        #expect(StandardErrorLog.isJournal("8:12345", standardError: "socket:[12345]"))
        // The variable is inherited by what writes elsewhere.
        #expect(!StandardErrorLog.isJournal("8:12345", standardError: "/dev/pts/1"))
        #expect(!StandardErrorLog.isJournal("8:12345", standardError: "socket:[1]"))
        #expect(!StandardErrorLog.isJournal("8:12345", standardError: nil))
        #expect(!StandardErrorLog.isJournal(nil, standardError: "socket:[12345]"))
        #expect(!StandardErrorLog.isJournal("8:", standardError: "socket:[]"))
    }

    @Test func theLevelChangesForLoggersThatThereAre() {
        let (lines, level) = (Lines(), LogLevel(.error))
        let logger = logger(.text, level, isJournal: false, lines)
        logger.info("a.b")
        level.value = .info
        logger.info("a.c", metadata: ["x": "1"])
        #expect(lines.all.withLock { $0 }.map { $0.contains(" info a.c x=1\n") } == [true])
    }

    @Test func theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile() throws {
        var settings = Settings()
        (settings.log.level, settings.log.format) = (.error, .json)
        let file = try LogChoice(level: nil, format: nil, settings: settings, environment: ["ROOST_LOG_LEVEL": ""])
        #expect(file.level == .error && file.format == .json)
        let environment = ["ROOST_LOG_LEVEL": "debug", "ROOST_LOG_FORMAT": "text"]
        let named = try LogChoice(level: nil, format: nil, settings: settings, environment: environment)
        #expect(named.level == .debug && named.format == .text)
        let asked = try LogChoice(level: .trace, format: .json, settings: settings, environment: environment)
        #expect(asked.level == .trace && asked.format == .json)
        #expect(throws: StartError.self) {
            try LogChoice(level: nil, format: nil, settings: settings, environment: ["ROOST_LOG_LEVEL": "x"])
        }
        #expect(throws: StartError.self) {
            try LogChoice(level: nil, format: nil, settings: settings, environment: ["ROOST_LOG_FORMAT": "x"])
        }
    }
}

/// Every event that the server logs is in docs/events.md, and nothing else is.
@Suite struct LogEventTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The texts of all source files.
    private func sources() throws -> [(path: String, text: String)] {
        let folder = root.appendingPathComponent("Sources")
        let paths =
            FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") } ?? []
        return try paths.map { ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)) }
    }

    @Test func everyEventIsInTheManual() throws {
        var events: Set<String> = []
        for (_, text) in try sources() {
            // The first argument, which may be a choice between two.
            for call in text.matches(
                of:
                    /(?:trace|debug|info|notice|warning|error|critical|audit|request\.note|change\(request, account\.name, )\(\s*([^,()\n]*"[a-z._]+"[^,()\n]*)[,)]/
            ) {
                for name in call.1.matches(of: /"([a-z_]+(?:\.[a-z_]+)+)"/) { events.insert(String(name.1)) }
            }
            for event in text.matches(of: /case \w+ = "([a-z_]+(?:\.[a-z_]+)+)"/) { events.insert(String(event.1)) }
            for choice in text.matches(of: /\(\.\w+, \.\w+, "([a-z_]+(?:\.[a-z_]+)+)"\)/) { events.insert(String(choice.1)) }
        }
        #expect(events.count > 70)
        let manual = try String(contentsOf: root.appendingPathComponent("docs/events.md"), encoding: .utf8)
        let documented = manual.matches(of: /(?m)^\| `([a-z_.]+)` \|/).map { String($0.1) }
        #expect(Set(documented).count == documented.count)
        #expect(events.subtracting(documented).isEmpty, "not in docs/events.md: \(events.subtracting(documented).sorted())")
        #expect(Set(documented).subtracting(events).isEmpty, "not in the sources: \(Set(documented).subtracting(events).sorted())")
    }

    @Test func everyMessageIsTheNameOfAnEvent() throws {
        for (path, text) in try sources() {
            for call in text.matches(of: /\blogger\.(?:trace|debug|info|notice|warning|error|critical)\(\s*([^,()\n]*)/) {
                // What operators do is named where it is noted.
                let isName =
                    call.1.wholeMatch(of: /"[a-z_]+(?:\.[a-z_]+)+"/) != nil || call.1 == "event" || path.hasSuffix("Audit.swift")
                    || path.hasSuffix("ServiceRequest.swift")
                #expect(isName, "\(path): \(call.1)")
            }
        }
    }
}
