package import MainLoop
package import NIOCore

/// Who is at the other end of a connection.
package struct Peer: Sendable, Hashable {
    /// How the lines travel.
    package enum Transport: String, Sendable, CaseIterable {
        case tcp, tls, webSocket
    }

    /// The canonical text of the IP address, without port or scope.
    package var address: String
    /// The remote port.
    package var port: Int
    /// Whether nobody between the client and this machine can read along.
    package var isSecure: Bool
    /// How the lines travel.
    package var transport: Transport
    /// Lower-case hex SHA-256 of the client's TLS certificate, when it presented one.
    package var certificateFingerprint: String?

    /// Whether it takes lines of any length, and each answer in one of them: WebSocket clients that named no subprotocol.
    package var takesLongLines = false

    /// The longest line without tags that goes either way, CR LF included (`LINELEN`).
    var lineLength: Int { takesLongLines ? Line.longLength : Line.maximumLength }

    package init(address: String, port: Int, isSecure: Bool, transport: Transport, certificateFingerprint: String? = nil) {
        self.address = address
        self.port = port
        self.isSecure = isSecure
        self.transport = transport
        self.certificateFingerprint = certificateFingerprint
    }
}

/// What the server knows of a connection: lines go in through ``World``, bytes go out here.
///
/// The server does not know sockets; `Transport` and `Sidecar` implement this.
@LoopActor
package protocol ClientConnection: AnyObject {
    /// Who is there.
    var peer: Peer { get }

    /// Queues one line, with its CR LF. Nothing is sent before ``flush()``.
    func write(_ line: ByteBuffer)

    /// Sends everything queued, as one write where the transport is a stream.
    func flush()

    /// Bytes that were queued and have not reached the kernel yet.
    var unsentBytes: Int { get }

    /// The `LoopClock.uptime` at which the oldest unsent byte was queued; nil when nothing is unsent.
    var oldestUnsent: Duration? { get }

    /// Sends what is queued, then closes. The transport bounds how long that may take.
    func close()

    /// Closes at once and discards what is queued.
    func abort()
}
