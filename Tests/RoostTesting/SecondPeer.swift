import Foundation

/// A peer written in Python that may stand beside the checkout; it needs Python's `cryptography`. It has one account, `alice.test`,
/// whose browser agrees to everything.
package struct SecondPeer: Sendable {
    /// Ends by itself.
    package let process: TestProcess
    /// The address of its PDS.
    package let pds: String
    /// The address of its PLC directory.
    package let plc: String
    /// Address and port of its name server.
    package let dns: String
    /// Where it is told what to do, and what it did.
    package let controlOrigin: String

    private static var script: URL {
        URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared/peers/fakepds.py").standardizedFileURL
    }

    /// Whether there is one, and Python can run it.
    package static var isThere: Bool {
        guard FileManager.default.fileExists(atPath: script.path) else { return false }
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c", "import cryptography"]
        python.standardError = FileHandle.nullDevice
        guard (try? python.run()) != nil else { return false }
        python.waitUntilExit()
        return python.terminationStatus == 0
    }

    private struct Ready: Decodable {
        var pds: String
        var plc: String
        var dns: String
        var control: String
    }

    /// - Parameter seconds: how long it runs at most.
    package static func start(_ arguments: [String] = [], seconds: Int = 200) async throws -> SecondPeer {
        let process = try await TestProcess.start(
            URL(fileURLWithPath: "/usr/bin/env"),
            [
                "python3", script.path, "--user", "alice.test:secret", "--auto-approve", "--dns-port", "0", "--exit-with-parent",
                "--max-runtime", "\(seconds)",
            ] + arguments,
            timeLimit: .seconds(seconds))
        let line = try await process.line(containing: "\"ready\"")
        let ready = try JSONDecoder().decode(Ready.self, from: Data(line.utf8))
        return SecondPeer(process: process, pds: ready.pds, plc: ready.plc, dns: ready.dns, controlOrigin: ready.control)
    }
}
