import IRCProtocol
import Server
import Settings
import Testing

@testable import Daemon

@Suite struct OperatorSettingsTests {
    @Test func aClassHasWhatItExtends() throws {
        let text = """
            [[operators.classes]]
            name = "boss"
            extends = "helper"
            may = ["die"]
            [[operators.classes]]
            name = "helper"
            extends = "base"
            may = ["kill"]
            whois_line = "helps"
            [[operators.classes]]
            name = "base"
            may = ["stats"]
            """
        let settings = try SettingsParser.parse(text, file: "f", directory: "/")
        let classes = ServerConfiguration(settings, motd: []).operators.classes
        #expect(classes["boss"]?.privileges == [.die, .kill, .stats] && classes["boss"]?.whoisLine == "helps")
        #expect(classes["helper"]?.privileges == [.kill, .stats])
        #expect(classes["base"]?.privileges == [.stats] && classes["base"]?.whoisLine == nil)
    }
}
