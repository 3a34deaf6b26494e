import Logging
import MainLoop
import NIOCore
import RoostTesting
import Server
import Transport

/// A server that says what it got. Some lines tell it what to do.
@LoopActor
final class EchoServer: LineServer {
    private(set) var peers: [Peer] = []
    /// Why connections ended, in order.
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

    func edge(_ clock: any LoopClock = VirtualClock(), socketLimit: Int? = nil) -> Edge {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Edge(server: self, clock: clock, logger: logger, socketLimit: socketLimit)
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
        let text = String(buffer: line)
        switch text {
        case "abort":
            connection.abort()
        case "quit":
            say("bye")
            connection.close()
        default:
            say("got " + text)
        }
    }

    func receiveOverlong() {
        say("overlong")
    }

    func disconnected(because reason: String) {
        server.ends.append(reason)
    }

    private func say(_ text: String) {
        connection.write(ByteBuffer(string: text + "\r\n"))
        connection.flush()
    }
}
