package import MainLoop
package import NIOCore
package import Server

/// Where lines go: what a transport knows of the server.
@LoopActor
package protocol LineServer: AnyObject {
    /// Whether a connection from `address` is taken at all; asked before anything is spent on it.
    func admits(_ address: String) -> Bool
    /// Takes a connection in. A refusal is a session that is closed already.
    func open(_ connection: any ClientConnection) -> any LineSession
}

/// One connection, seen from the transport. Its methods are called on the loop, in the order of the lines.
@LoopActor
package protocol LineSession: AnyObject {
    /// One line, without its end.
    func receive(_ line: ByteBuffer)
    /// A line was too long and was skipped.
    func receiveOverlong()
    /// The connection is gone. This may come from within a `flush()`, when the socket turns out to be dead.
    func disconnected(because reason: String)
}

extension World: LineServer {
    package func open(_ connection: any ClientConnection) -> any LineSession {
        accept(connection)
    }
}

extension Session: LineSession {
    package func receive(_ line: ByteBuffer) {
        world.receive(line, from: self)
    }

    package func receiveOverlong() {
        world.receiveOverlong(from: self)
    }

    package func disconnected(because reason: String) {
        world.disconnected(self, because: reason)
    }
}
