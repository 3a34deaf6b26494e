import IRCProtocol
import Settings
import Testing

@Suite struct OperatorClassTests {
    private func problems(_ text: String) -> [String] {
        SettingsParser.read(text, file: "f", directory: "/").problems.map(\.description)
    }

    @Test func classesAreSections() throws {
        let text = """
            [operators]
            assigned = ["alice helper", "did:plc:aliceaaaaaaaaaaaaaaaaaaa base"]
            default_class = "base"
            [[operators.classes]]
            name = "helper"
            extends = "base"
            may = ["kill", "ban"]
            whois_line = "helps people here"
            [[operators.classes]]
            name = "base"
            may = ["stats"]
            """
        let operators = try SettingsParser.parse(text, file: "f", directory: "/").operators
        #expect(
            operators.classes == [
                OperatorClass(name: "helper", extends: "base", privileges: [.kill, .ban], whoisLine: "helps people here"),
                OperatorClass(name: "base", privileges: [.stats]),
            ])
        #expect(operators.assigned.map(\.operatorName) == ["alice", "did:plc:aliceaaaaaaaaaaaaaaaaaaa"])
        #expect(OperatorClass.chain(from: "helper", in: operators.classes).map(\.name) == ["helper", "base"])
    }

    @Test func aWrongNameHasItsPlace() {
        let text = "[[operators.classes]]\nname = \"helper\"\nextends = \"bsae\"\nmay = [\"kill\", \"fly\"]\nmya = []\n"
        let found = problems(text)
        #expect(found.count == 2)
        #expect(found.contains { $0.hasPrefix("f:4:16: operators.classes: may must be one of \"kill\"") }, "\(found)")
        #expect(found.contains("f:5:7: operators.classes: unknown key mya; did you mean may?"), "\(found)")
        let unknown = "[[operators.classes]]\nname = \"base\"\n[[operators.classes]]\nname = \"helper\"\nextends = \"bsae\"\n"
        #expect(problems(unknown) == ["f:5:11: operators.classes: there is no class bsae; did you mean base?"])
        #expect(problems("[[operators.classes]]\nmay = []\n").first?.hasPrefix("f:1:") == true)
    }

    @Test func aCircleIsFound() {
        let classes = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "d")].map {
            "[[operators.classes]]\nname = \"\($0.0)\"\nextends = \"\($0.1)\"\n"
        }
        #expect(
            problems(classes.joined())
                == [
                    "f:6:11: operators.classes: b extends itself, in a circle", "f:9:11: operators.classes: c extends itself, in a circle",
                    "f:12:11: operators.classes: d extends itself, in a circle",
                ])
        #expect(
            problems("[[operators.classes]]\nname = \"a\"\n[[operators.classes]]\nname = \"a\"\n")
                == ["f:4:8: operators.classes: there are two classes a"])
    }

    @Test func aClassThatIsNotThereIsRefused() {
        #expect(problems("[operators]\nassigned = [\"ann helper\"]\n") == ["f:2:12: operators.assigned: there is no class helper"])
        #expect(problems("[operators]\ndefault_class = \"x\"\n") == ["f:2:17: operators.default_class: there is no class x"])
        #expect(problems("[operators]\nassigned = [\"ann\"]\n").first?.contains("such as \"alice helper\"") == true)
    }
}
