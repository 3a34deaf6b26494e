import Foundation
import Settings
import Testing

@Suite struct SettingsFileTests {
    private func inTemporaryFile(_ content: Data, _ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appendingPathComponent("roost.toml")
        try content.write(to: file)
        try body(file.path)
    }

    @Test func relativePathsStartAtTheFolderOfTheFile() throws {
        try inTemporaryFile(Data("[server]\nmotd = \"motd.txt\"\n".utf8)) { path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let settings = try SettingsFile.read(path).get()
            #expect(settings.server.motd == folder + "/motd.txt")
        }
    }

    @Test func aMissingFileIsOneProblemWithItsReason() {
        let error = #expect(throws: SettingsProblems.self) { try SettingsFile.read("/nowhere/roost.toml").get() }
        #expect(error?.description == "/nowhere/roost.toml: cannot read the configuration file: No such file or directory")
    }

    @Test func aFolderIsNoFile() {
        #expect(throws: SettingsProblems.self) { try SettingsFile.read("/").get() }
    }

    @Test func whatIsNoTextIsRefused() throws {
        try inTemporaryFile(Data([0xFF, 0xFE, 0x00])) { path in
            #expect(throws: SettingsProblems.self) { try SettingsFile.read(path).get() }
        }
    }

    @Test func aHugeFileIsRefused() throws {
        try inTemporaryFile(Data(repeating: UInt8(ascii: "#"), count: SettingsFile.byteLimit + 1)) { path in
            #expect(throws: SettingsProblems.self) { try SettingsFile.read(path).get() }
        }
        try inTemporaryFile(Data(repeating: UInt8(ascii: "#"), count: SettingsFile.byteLimit)) { path in
            let settings = try SettingsFile.read(path).get()
            #expect(settings == Settings())
        }
    }
}

@Suite struct DefaultPlacesTests {
    @Test(arguments: [
        (["ROOST_DATA": "/r", "XDG_DATA_HOME": "/x", "HOME": "/h"], true, "/r"), (["HOME": "/root"], true, "/var/lib/roost"),
        (["XDG_DATA_HOME": "/x", "HOME": "/h"], false, "/x/roost"), (["XDG_DATA_HOME": "x", "HOME": "/h"], false, "/h/.local/share/roost"),
        (["ROOST_DATA": "", "HOME": "/h"], false, "/h/.local/share/roost"), ([:], false, nil),
    ])
    func directory(_ environment: [String: String], _ isRoot: Bool, _ expected: String?) {
        #expect(DefaultPlaces(environment: environment, isRoot: isRoot).dataDirectory == expected)
    }

    @Test func configurationLiesInTheData() {
        #expect(DefaultPlaces.configuration(in: "/d") == "/d/roost.toml")
    }
}
