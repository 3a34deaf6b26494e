import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

/// The command line and HTTP act on the running server.
@Suite(.timeLimit(.minutes(15)))
struct AdministrationTests {
    private func roost(_ arguments: [String]) async throws -> (exit: TestProcess.Exit, output: String, errors: String) {
        let process = try await TestProcess.startBuilt("roost", arguments)
        let exit = await process.waitForExit()
        _ = await process.standardOutput.line(containing: "\u{0}")
        _ = await process.standardError.line(containing: "\u{0}")
        return (exit, process.standardOutput.text, process.standardError.text)
    }

    @Test func theSocketAndATokenGiveCommands() async throws {
        try await withTestDirectory { directory in
            let port = try await TestPorts.free()
            let data = ["--data", directory.appendingPathComponent("d").path]
            try "[listen]\nplain = []\ntls = []\nhttp = [\"127.0.0.1:\(port)\"]\n".write(
                to: directory.appendingPathComponent("roost.toml"), atomically: true, encoding: .utf8)
            let stopped = try await roost(["admin", "ns", "help"] + data)
            #expect(stopped.exit == .status(78) && stopped.errors.contains("no server answers there"))

            let config = ["--config", directory.appendingPathComponent("roost.toml").path]
            let server = try await TestProcess.startBuilt("roost", ["run"] + config + data, timeLimit: .seconds(200))
            _ = try await server.line(containing: "listener.bound address=127.0.0.1:\(port) kind=http")
            let made = try await roost(["admin"] + data + ["nickserv", "SAREGISTER", "carol", "longenough"])
            #expect(made.exit == .status(0) && made.output == "The account carol is made\n")
            let info = try await roost(["admin", "--json"] + data + ["ns", "info", "carol"])
            #expect(info.output.hasPrefix(#"{"lines":["Account carol","#))
            let other = try await roost(["admin"] + data + ["nickserv", "FOR", "carol", "SET", "ALWAYS-ON", "ON"])
            #expect(other.exit == .status(0) && other.output.hasPrefix("ALWAYS-ON is ON now\n"))
            for refused in [["info", "nobody"], ["saunregister", "carol"], ["fly"], ["logout"]] {
                let answer = try await roost(["admin"] + data + ["nickserv"] + refused)
                #expect(answer.exit == .status(1) && !answer.output.isEmpty, "\(refused)")
            }
            let refused = try await roost(["admin", "--json"] + data + ["ns", "info", "nobody"])
            #expect(refused.exit == .status(1))
            #expect(refused.output == #"{"lines":["There is no account nobody"],"refused":true}"# + "\n")
            let unknown = try await roost(["admin"] + data + ["nobody", "help"])
            #expect(unknown.exit == .status(1) && unknown.errors.contains("there is no service or command nobody"))

            let token = try await roost(["token", "add", "bot", "--scope", "services", "--expires", "2d"] + data)
            #expect(token.exit == .status(0) && token.output.hasPrefix("roost_"))
            let list = try await roost(["token", "list"] + data)
            #expect(list.output.hasPrefix("bot\t20"))
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/services/chanserv")
            request.method = .POST
            request.headers = ["Authorization": "Bearer \(token.output.dropLast())", "Content-Type": "application/json"]
            request.body = .bytes(ByteBuffer(string: #"{"command":"HELP"}"#))
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            let text = String(buffer: try await answer.body.collect(upTo: 1 << 20))
            #expect(answer.status == .ok && text.contains("ChanServ HELP <command> explains one"))
            _ = try await roost(["token", "revoke", "bot"] + data)
            #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status == .unauthorized)
            let gone = try await roost(["token", "revoke", "bot"] + data)
            #expect(gone.exit == .status(78))
        }
    }
}
