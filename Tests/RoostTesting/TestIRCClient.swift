import NIOCore
import NIOPosix
package import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IRC client for tests, over a real socket. It runs on threads of its own, not on the loop of the daemon.
///
/// Nothing here sleeps: whoever waits is woken by what it waits for, or fails when ``patience`` is over.
package final class TestIRCClient: Sendable {
    /// How to connect.
    package enum Transport: Sendable {
        case plain
        /// The certificate of the server is taken as it is; see ``TestIRCClient/serverFingerprint``.
        /// The preamble goes before the handshake, as from a proxy.
        /// The name is the one asked for (SNI), the protocols those offered (ALPN).
        case tls(certificate: TestIRCClientCertificate? = nil, preamble: String = "", name: String? = nil, protocols: [String] = [])
        case webSocket(subprotocols: [String] = [], origin: String? = nil, path: String = "/irc")
    }

    /// How a connection ended.
    package enum End: Sendable, Equatable {
        case closed
        /// By a reset.
        case reset
        case failed(String)
    }

    /// Why a wait or a connection came to nothing.
    package enum Failure: Error, CustomStringConvertible {
        /// Nothing matched in time. The lines are the last that came and were not taken.
        case timeout(String, lines: [String])
        case ended(End, String, lines: [String])
        /// The server answered a WebSocket request with this status.
        case refused(status: Int)

        package var description: String {
            switch self {
            case .timeout(let what, let lines): "waited too long for \(what); came: \(lines)"
            case .ended(let end, let what, let lines): "the connection ended (\(end)) before \(what) came; came: \(lines)"
            case .refused(let status): "the server answered \(status) instead of opening a WebSocket"
            }
        }
    }

    /// How long a wait may take in real time before the test has failed.
    package static let patience: Duration = .seconds(20)

    let channel: any Channel
    let inbox: TestIRCClientInbox
    private let isWebSocket: Bool
    /// Lower-case hex SHA-256 of the server's certificate, over TLS.
    package let serverFingerprint: String?
    /// What the server chose, over a WebSocket.
    package let subprotocol: String?

    init(
        _ channel: any Channel, inbox: TestIRCClientInbox, isWebSocket: Bool = false, serverFingerprint: String? = nil,
        subprotocol: String? = nil
    ) {
        self.channel = channel
        self.inbox = inbox
        self.isWebSocket = isWebSocket
        self.serverFingerprint = serverFingerprint
        self.subprotocol = subprotocol
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The address of this end, as the server sees it.
    package var localPort: Int { channel.localAddress?.port ?? 0 }

    // MARK: Sending

    /// Sends one line; its end is added.
    package func send(_ line: String) async throws {
        if isWebSocket {
            try await send(frame: WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: line)))
        } else {
            try await send(bytes: Array((line + "\r\n").utf8))
        }
    }

    /// Sends bytes as they are.
    package func send(bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends a frame over a WebSocket. Its data is masked on the way when it has a mask.
    package func send(frame: WebSocketFrame) async throws {
        try await channel.writeAndFlush(frame).get()
    }

    // MARK: Receiving

    /// Every line that has come, taken or not.
    package var lines: [String] { inbox.lines }

    /// Takes the next line for which `matches` is true. Lines before it are passed over.
    ///
    /// - Parameter what: for the message of the failure.
    @discardableResult
    package func next(
        _ what: String = "a line", where matches: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> String {
        try await inbox.next(what, on: channel.eventLoop, where: matches)
    }

    /// Takes the next line that contains `text`.
    @discardableResult
    package func next(containing text: String) async throws -> String {
        try await next("a line with \"\(text)\"") { $0.contains(text) }
    }

    /// Waits until a line with `text` has come that nobody took, and leaves it there.
    package func look(for text: String) async throws {
        _ = try await inbox.next("a line with \"\(text)\"", on: channel.eventLoop, where: { $0.contains(text) }, onlyLooking: true)
    }

    /// Waits for the end of the connection.
    package func end() async throws -> End {
        try await inbox.waitForEnd(on: channel.eventLoop)
    }

    /// The code of the close frame that the server sent; nil without one.
    package var closeCode: WebSocketErrorCode? { inbox.closeCode }

    /// Stops or resumes reading, so that the kernel's buffers fill.
    package func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    /// Closes the connection by a reset and waits until that is done.
    package func reset() async {
        try? await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        await close()
    }

    /// Closes the connection and waits until that is done.
    package func close() async {
        try? await channel.close().get()
    }
}
