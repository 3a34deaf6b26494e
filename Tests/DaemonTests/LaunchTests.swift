import Daemon
import Foundation
import RoostTesting
import Settings
import Testing

@Suite struct LaunchTests {
    private func places(_ home: URL) -> DefaultPlaces {
        DefaultPlaces(environment: ["ROOST_DATA": home.path], isRoot: false)
    }

    @Test func withoutAnythingTheDefaultsCount() async throws {
        try await withTestDirectory { folder in
            let launch = try Launch.resolve(configuration: nil, data: nil, places: places(folder))
            #expect(launch.settings == Settings())
            #expect(launch.configurationFile == nil)
            #expect(launch.dataDirectory == folder.path)
        }
    }

    @Test func theFileInTheDataDirectoryIsFound() async throws {
        try await withTestDirectory { folder in
            try Data("[server]\nnetwork = \"Found\"\n".utf8).write(to: folder.appendingPathComponent("roost.toml"))
            let launch = try Launch.resolve(configuration: nil, data: folder.path, places: places(URL(fileURLWithPath: "/nowhere")))
            #expect(launch.settings.server.network == "Found")
            #expect(launch.configurationFile == folder.path + "/roost.toml")
            #expect(launch.dataDirectory == folder.path)
        }
    }

    @Test func theNamedFileMayNameTheDataAndTheCommandLineCountsMore() async throws {
        try await withTestDirectory { folder in
            let file = folder.path + "/other.toml"
            try Data("[data]\ndirectory = \"mine\"\n".utf8).write(to: URL(fileURLWithPath: file))
            #expect(try Launch.resolve(configuration: file, data: nil, places: places(folder)).dataDirectory == folder.path + "/mine")
            #expect(try Launch.resolve(configuration: file, data: "/theirs", places: places(folder)).dataDirectory == "/theirs")
        }
    }

    @Test func aNamedFileMustExist() async throws {
        try await withTestDirectory { folder in
            _ = #expect(throws: SettingsProblems.self) {
                try Launch.resolve(configuration: folder.path + "/none.toml", data: nil, places: places(folder))
            }
        }
    }

    @Test func withoutAHomeThereIsNoData() {
        let error = #expect(throws: StartError.self) {
            try Launch.resolve(configuration: nil, data: nil, places: DefaultPlaces(environment: [:], isRoot: false))
        }
        #expect(error?.description.hasSuffix("name one with --data") == true)
    }
}

@Suite struct NewConfigurationTests {
    @Test func writesAFileThatRunFinds() async throws {
        try await withTestDirectory { folder in
            let data = folder.path + "/data"
            let path = try NewConfiguration.write(domain: "irc.example.com", email: "", configuration: nil, data: data)
            #expect(path == data + "/roost.toml")
            let launch = try Launch.resolve(configuration: nil, data: data)
            #expect(launch.settings.server.name == "irc.example.com")
            #expect(launch.dataDirectory == data)
        }
    }

    @Test func neverOverwrites() async throws {
        try await withTestDirectory { folder in
            let file = folder.path + "/etc/roost.toml"
            let write = {
                try NewConfiguration.write(domain: "irc.example.com", email: "", configuration: file, data: folder.path + "/data")
            }
            _ = try write()
            try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
            let error = #expect(throws: StartError.self) { try write() }
            #expect(error?.description == "\(file): the file exists already; edit it, or name another one with --config")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        }
    }

    @Test func aBadDomainWritesNothing() async throws {
        try await withTestDirectory { folder in
            let data = folder.path + "/data"
            #expect(throws: ValueError.self) {
                try NewConfiguration.write(domain: "not a domain", email: "", configuration: nil, data: data)
            }
            #expect(!FileManager.default.fileExists(atPath: data))
        }
    }
}

@Suite struct InspectionTests {
    @Test func allUnreadableFilesAtOnce() {
        var settings = Settings()
        settings.server.motd = "/nowhere/motd"
        settings.tls.certificate = "/nowhere/chain"
        settings.tls.key = "/nowhere/key"
        settings.identity.extraCA = "/nowhere/ca"
        let problems = Inspection.problems(of: settings).map(\.description)
        #expect(problems.count == 4)
        for (problem, start) in zip(
            problems, ["server.motd: /nowhere/motd", "tls.certificate: ", "tls.key: ", "identity.extra_ca: /nowhere/ca"])
        {
            #expect(problem.hasPrefix(start), "\(problem)")
        }
        #expect(Inspection.problems(of: Settings()).isEmpty)
    }

    @Test func theMessageOfTheDayIsBoundedText() async throws {
        try await withTestDirectory { folder in
            var settings = Settings()
            let file = folder.appendingPathComponent("motd")
            settings.server.motd = file.path
            try Data(repeating: UInt8(ascii: "a"), count: 64 << 10).write(to: file)
            #expect(Inspection.problems(of: settings).isEmpty)
            try Data(repeating: UInt8(ascii: "a"), count: 64 << 10 + 1).write(to: file)
            #expect(Inspection.problems(of: settings).first?.description.contains("is larger than 64 KiB") == true)
            try Data([0xFF]).write(to: file)
            #expect(Inspection.problems(of: settings).first?.description.contains("is not UTF-8 text") == true)
        }
    }
}
