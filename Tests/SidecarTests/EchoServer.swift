import Logging
import MainLoop
import NIOCore
import RoostTesting
import Server
import Sidecar
import Store
import Transport

/// An IRC server that says what it got.
@LoopActor
final class EchoServer: LineServer {
    private(set) var peers: [Peer] = []
    fileprivate(set) var ends: [String] = []
    private(set) var connections: [any ClientConnection] = []

    /// Addresses that are not taken.
    var banned: Set<String> = []

    func admits(_ address: String) -> Bool { !banned.contains(address) }

    func open(_ connection: any ClientConnection) -> any LineSession {
        peers.append(connection.peer)
        connections.append(connection)
        return EchoSession(connection, server: self)
    }
}

@LoopActor
private final class EchoSession: LineSession {
    private let connection: any ClientConnection
    private unowned let server: EchoServer

    init(_ connection: any ClientConnection, server: EchoServer) {
        self.connection = connection
        self.server = server
    }

    func receive(_ line: ByteBuffer) {
        guard line != ByteBuffer(string: "quit") else {
            say(ByteBuffer(string: "bye"))
            return connection.close()
        }
        var answer = ByteBuffer(string: "got ")
        answer.writeImmutableBuffer(line)
        say(answer)
    }

    func receiveOverlong() {
        say(ByteBuffer(string: "overlong"))
    }

    func disconnected(because reason: String) {
        server.ends.append(reason)
    }

    private func say(_ text: ByteBuffer) {
        var line = text
        line.writeString("\r\n")
        connection.write(line)
        connection.flush()
    }
}

/// A sidecar on a free port, with everything it needs.
@LoopActor
final class TestSidecar {
    let broker = FakeBroker()
    let server = EchoServer()
    let world = FakeServer()
    let tokens = TestSidecar.emptyTokenStore()
    let clock = VirtualClock()
    let edge: Edge
    let sidecar: Sidecar

    init(_ change: (inout SidecarConfiguration) -> Void = { _ in }) {
        edge = Edge(server: server, clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var configuration = SidecarConfiguration(
            publicOrigin: "https://irc.test", allowedOrigins: ["https://app.test"], serverName: "irc.test", network: "TestNet",
            version: "1.2.3", addresses: ["irc.test, port 6697, TLS"])
        change(&configuration)
        sidecar = Sidecar(configuration, broker: broker, server: world, tokens: tokens, edge: edge)
    }

    private static func emptyTokenStore() -> APITokenStore {
        do { return APITokenStore(try RoostDatabase.inMemory()) } catch { fatalError("no database in memory: \(error)") }
    }

    func run(_ body: @LoopActor (TestSidecar, Int) async throws -> Void) async throws {
        let listener = try await sidecar.listen(on: ListenAddress(host: "127.0.0.1", port: 0))
        await listener.start()
        try await body(self, listener.address.port)
        await listener.stop()
        sidecar.stop()
    }
}
