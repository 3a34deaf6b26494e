import NIOCore
import NIOWebSocket

/// Makes messages of frames, and knows what to do with the others (RFC 6455 sections 5 and 7).
struct WebSocketMessages {
    /// What a frame leads to.
    enum Step: Equatable {
        case nothing
        /// A whole message, text or binary.
        case message(ByteBuffer)
        /// Answer with a pong that has the same bytes.
        case pong(ByteBuffer)
        /// The other end closes; answer with the same code.
        case closed(WebSocketErrorCode)
        /// The other end broke the rules; close with this code.
        case failed(WebSocketErrorCode)
    }

    private let limit: Int
    private var parts: (opcode: WebSocketOpcode, bytes: ByteBuffer)?

    /// - Parameter limit: the longest message in bytes, all its frames together.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ frame: WebSocketFrame) -> Step {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .failed(.protocolError) }
        switch frame.opcode {
        case .text, .binary:
            guard parts == nil else { return .failed(.protocolError) }
            if frame.fin { return whole(frame.opcode, frame.unmaskedData) }
            return add(frame, to: (frame.opcode, ByteBuffer()))
        case .continuation:
            guard let parts else { return .failed(.protocolError) }
            return add(frame, to: parts)
        case .ping:
            return .pong(frame.unmaskedData)
        case .pong:
            return .nothing
        case .connectionClose:
            return close(frame.unmaskedData)
        default:
            return .failed(.protocolError)
        }
    }

    private mutating func add(_ frame: WebSocketFrame, to start: (opcode: WebSocketOpcode, bytes: ByteBuffer)) -> Step {
        var (opcode, bytes) = start
        parts = nil
        guard bytes.readableBytes + frame.length <= limit else { return .failed(.messageTooLarge) }
        bytes.writeImmutableBuffer(frame.unmaskedData)
        if frame.fin { return whole(opcode, bytes) }
        parts = (opcode, bytes)
        return .nothing
    }

    private func whole(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) -> Step {
        guard bytes.readableBytes <= limit else { return .failed(.messageTooLarge) }
        if opcode == .text, String(validating: bytes.readableBytesView, as: UTF8.self) == nil {
            return .failed(.dataInconsistentWithMessage)
        }
        return .message(bytes)
    }

    private func close(_ payload: ByteBuffer) -> Step {
        var payload = payload
        guard payload.readableBytes > 0 else { return .closed(.normalClosure) }
        guard let code = payload.readWebSocketErrorCode() else { return .failed(.protocolError) }
        return .closed(code)
    }
}
