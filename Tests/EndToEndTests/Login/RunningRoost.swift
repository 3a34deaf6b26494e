import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RoostTesting
import Synchronization
import Testing

/// A built `roost` in a process of its own that uses an ``ATProtoPeer`` for everything outside.
final class RunningRoost: Sendable {
    let tlsPort: Int
    let httpPort: Int
    private let directory: URL
    private let running: Mutex<TestProcess>
    /// The one cookie of the browser.
    private let cookie = Mutex<String?>(nil)

    /// The process that runs now.
    var process: TestProcess { running.withLock { $0 } }

    var origin: String { "http://127.0.0.1:\(httpPort)" }

    /// A file in the data directory.
    func file(_ name: String) -> URL { directory.appendingPathComponent("data/" + name) }

    /// The address that browsers are told, when it is another than ``origin``: then a proxy would stand there.
    private let publicURL: String?

    /// Starts it on a new data directory in `directory`.
    ///
    /// - Parameters:
    ///   - httpPort: nil: a free one.
    ///   - publicURL: nil: the HTTP port itself.
    ///   - identity: more lines below `[identity]`.
    static func start(
        in directory: URL, plc: String, nameServer: String, httpPort: Int? = nil, publicURL: String? = nil,
        identity: String = ""
    ) async throws -> RunningRoost {
        let tlsPort = try await TestPorts.free()
        let freePort = try await TestPorts.free()
        let httpPort = httpPort ?? freePort
        let text = """
            [listen]
            plain = []
            tls = ["127.0.0.1:\(tlsPort)"]
            http = ["127.0.0.1:\(httpPort)"]
            [identity]
            plc_directory = "\(plc)"
            dns_server = "\(nameServer)"
            allow_loopback = true
            \(identity)
            [broker]
            public_url = "\(publicURL ?? "http://127.0.0.1:\(httpPort)")"
            return_to = ["http://127.0.0.1:1"]
            """
        try text.write(to: directory.appendingPathComponent("roost.toml"), atomically: true, encoding: .utf8)
        let process = try await launch(directory, httpPort)
        return RunningRoost(tlsPort: tlsPort, httpPort: httpPort, publicURL: publicURL, directory: directory, process: process)
    }

    private init(tlsPort: Int, httpPort: Int, publicURL: String?, directory: URL, process: TestProcess) {
        (self.tlsPort, self.httpPort, self.publicURL, self.directory) = (tlsPort, httpPort, publicURL, directory)
        running = Mutex(process)
    }

    private static func launch(_ directory: URL, _ httpPort: Int) async throws -> TestProcess {
        let process = try await TestProcess.startBuilt(
            "roost",
            [
                "run", "--config", directory.appendingPathComponent("roost.toml").path, "--data",
                directory.appendingPathComponent("data").path,
            ],
            timeLimit: .seconds(300))
        _ = try await process.line(containing: "listener.bound address=127.0.0.1:\(httpPort) kind=http")
        return process
    }

    /// Starts it again on what the last one left behind.
    func startAgain() async throws {
        let process = try await Self.launch(directory, httpPort)
        running.withLock { $0 = process }
    }

    // MARK: The browser

    struct Login: Decodable {
        var token: String
        var broker_token: String
        var nick: String
        var did: String
        var handle: String
        var pds_url: String
    }

    /// Logs in as a browser does, through the consent page of the peer, and returns what the page finds behind `#oauth=`.
    func logIn(_ handle: String, browser: HTTPClient) async throws -> Login {
        let answer = try await come(back: try await visit(handle, browser: browser), browser: browser)
        try #require(answer.status == .temporaryRedirect)
        let location = try #require(answer.headers.first(name: "location"))
        let text = try #require(location.split(separator: "#oauth=").last)
        var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while base64.count % 4 != 0 { base64 += "=" }
        return try JSONDecoder().decode(Login.self, from: try #require(Data(base64Encoded: base64)))
    }

    /// As far as the callback: the address that the authorization server sends the browser back to.
    func visit(_ handle: String, browser: HTTPClient) async throws -> String {
        let start = try await get("/auth/login?handle=\(handle)&return_to=\(publicURL ?? origin)", browser: browser)
        try #require(start.status == .temporaryRedirect)
        let consent = try #require(start.headers.first(name: "location"))
        let page = try await browser.execute(HTTPClientRequest(url: consent), timeout: .seconds(30))
        let back = try #require(page.headers.first(name: "location"))
        guard let publicURL else { return back }
        return back.replacingOccurrences(of: publicURL, with: origin)
    }

    /// Runs another command of the program on the same data, and returns how it ended.
    func command(_ arguments: [String]) async throws -> TestProcess.Exit {
        try await TestProcess.startBuilt(
            "roost",
            arguments + [
                "--config", directory.appendingPathComponent("roost.toml").path, "--data",
                directory.appendingPathComponent("data").path,
            ]
        ).waitForExit()
    }

    /// What the daemon answers to the browser that comes back.
    func come(back url: String, browser: HTTPClient) async throws -> HTTPClientResponse {
        try await get(String(url.dropFirst(origin.count)), browser: browser)
    }

    /// What the daemon answers to a browser that keeps its cookies.
    ///
    /// - Parameter form: what is posted; nil: nothing.
    func get(_ path: String, form: String? = nil, browser: HTTPClient) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: origin + path)
        if let cookie = cookie.withLock({ $0 }) { request.headers.add(name: "cookie", value: cookie) }
        if let form {
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.headers.add(name: "origin", value: origin)
            request.body = .bytes(ByteBuffer(string: form))
        }
        let answer = try await browser.execute(request, timeout: .seconds(60))
        if let set = answer.headers.first(name: "set-cookie") { cookie.withLock { $0 = String(set.prefix { $0 != ";" }) } }
        return answer
    }

    struct Session: Decodable {
        var token: String
        var nick: String
        var did: String
    }

    /// `POST /session`: the status, and the answer when it is 200.
    func session(_ brokerToken: String, browser: HTTPClient) async throws -> (status: Int, session: Session?) {
        var request = HTTPClientRequest(url: origin + "/session")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: #"{"broker_token":"\#(brokerToken)"}"#))
        let answer = try await browser.execute(request, timeout: .seconds(60))
        let body = try await answer.body.collect(upTo: 1 << 16)
        return (
            Int(answer.status.code), answer.status == .ok ? try JSONDecoder().decode(Session.self, from: Data(body.readableBytesView)) : nil
        )
    }

    /// What `roost admin` prints.
    func admin(_ words: String...) async throws -> String {
        let process = try await TestProcess.startBuilt(
            "roost", ["admin", "--data", directory.appendingPathComponent("data").path] + words, timeLimit: .seconds(60))
        _ = await process.waitForExit()
        _ = await process.standardOutput.line(containing: "\u{0}")
        return process.standardOutput.text
    }

    // MARK: IRC

    /// A client that logged in with a web token and is registered.
    func chat(_ nick: String, token: String, did: String, over transport: TestIRCClient.Transport) async throws -> TestIRCClient {
        let port: Int
        if case .webSocket = transport { port = httpPort } else { port = tlsPort }
        let client = try await TestIRCClient.connect(port: port, transport)
        try await client.send("CAP LS 302")
        try await client.send("NICK \(nick)")
        try await client.send("USER u 0 * :u")
        try await client.send("CAP REQ :sasl message-tags server-time batch")
        _ = try await client.next(containing: " ACK ")
        _ = try await authenticate(client, token: token, did: did)
        try await client.send("CAP END")
        _ = try await client.next(containing: " 001 ")
        return client
    }

    /// Logs a client in with a web token; returns what it was told to show over HTTP.
    func authenticate(_ client: TestIRCClient, token: String, did: String) async throws -> String {
        try await client.send("AUTHENTICATE ATPROTO-CHALLENGE")
        _ = try await client.next(containing: "AUTHENTICATE ")
        let response = #"{"did":"\#(did)","method":"web-token","signature":"\#(token)"}"#
        let encoded = Data(response.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        try await client.send("AUTHENTICATE \(encoded)")
        #expect(try await client.next(containing: " 900 ").hasSuffix(" as \(did)"))
        let bearer = try await client.next(containing: " NOTICE * :API-BEARER ")
        _ = try await client.next(containing: " 903 ")
        return String(bearer.split(separator: " ").last ?? "")
    }
}

extension ATProtoPeerOptions {
    /// Access tokens count as stale the moment they are issued: every call of `/session` refreshes.
    static var stale: ATProtoPeerOptions {
        var options = ATProtoPeerOptions()
        options.accessTokenLifetime = .seconds(5)
        return options
    }
}

/// A peer, a daemon that uses it, and a browser that does not follow redirects.
func withRoost(
    _ options: ATProtoPeerOptions = ATProtoPeerOptions(), publicURL: String? = nil,
    _ body: (RunningRoost, ATProtoPeer, HTTPClient) async throws -> Void
) async throws {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 250
    let browser = HTTPClient(eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    do {
        try await withATProtoPeer(options) { peer in
            try await withTestDirectory { directory in
                let roost = try await RunningRoost.start(
                    in: directory, plc: peer.origins.plc, nameServer: peer.nameServer, publicURL: publicURL)
                do {
                    try await body(roost, peer, browser)
                    await roost.process.kill()
                } catch {
                    await roost.process.kill()
                    throw error
                }
            }
        }
        try await browser.shutdown()
    } catch {
        try? await browser.shutdown()
        throw error
    }
}
