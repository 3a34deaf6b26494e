import NIOCore
import NIOWebSocket
import Transport

/// Puts each line into one frame, without its CR LF.
struct WebSocketFraming: LineEncoding {
    let subprotocol: WebSocketHandshake.Subprotocol

    func encode(_ line: ByteBuffer) -> ByteBuffer {
        var payload = line
        while let last = payload.readableBytesView.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            payload.moveWriterIndex(to: payload.writerIndex - 1)
        }
        switch subprotocol {
        case .binary: return Self.frame(.binary, payload)
        case .text: return Self.frame(.text, Self.validText(payload))
        }
    }

    var farewell: ByteBuffer { Self.close(.normalClosure) }

    /// A whole frame from the server, which is never masked (RFC 6455 section 5.2).
    static func frame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> ByteBuffer {
        let length = payload.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: length + 10)
        frame.writeInteger(UInt8(0x80) | UInt8(webSocketOpcode: opcode))
        switch length {
        case ...125:
            frame.writeInteger(UInt8(length))
        case ...Int(UInt16.max):
            frame.writeInteger(UInt8(126))
            frame.writeInteger(UInt16(length))
        default:
            frame.writeInteger(UInt8(127))
            frame.writeInteger(UInt64(length))
        }
        frame.writeImmutableBuffer(payload)
        return frame
    }

    static func close(_ code: WebSocketErrorCode) -> ByteBuffer {
        var payload = ByteBuffer()
        payload.write(webSocketErrorCode: code)
        return frame(.connectionClose, payload)
    }

    /// Browsers drop the connection for a text that is not UTF-8, and any client may send such a line. What is not valid
    /// becomes U+FFFD.
    private static func validText(_ payload: ByteBuffer) -> ByteBuffer {
        let view = payload.readableBytesView
        if view.allSatisfy({ $0 < 0x80 }) || String(validating: view, as: UTF8.self) != nil { return payload }
        return ByteBuffer(string: String(decoding: view, as: UTF8.self))
    }
}
