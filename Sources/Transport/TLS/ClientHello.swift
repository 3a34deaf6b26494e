import NIOCore

/// What a client says first on a TLS connection, as far as the choice of a certificate depends on it (RFC 8446 section 4.1.2).
struct ClientHello: Equatable {
    /// The host it wants (SNI, RFC 6066 section 3).
    var serverName: String?
    /// What it would like to speak (ALPN, RFC 7301).
    var protocols: [String] = []

    /// What bytes are so far.
    enum Reading: Equatable {
        case incomplete
        case hello(ClientHello)
        /// Anything else, and what is longer than ``limit``.
        case other
    }

    /// Bytes of a hello that are looked at; real ones have some hundred, and about 2,000 with keys for the time after RSA.
    static let limit = 16 << 10

    private static let handshakeRecord: UInt8 = 22
    private static let clientHelloMessage: UInt8 = 1
    private static let serverNameExtension: UInt16 = 0
    private static let protocolsExtension: UInt16 = 16

    /// Looks at the first bytes of a connection, without taking them.
    static func read(_ bytes: ByteBuffer) -> Reading {
        var (records, message) = (bytes, ByteBuffer())
        // A hello may be in several records.
        while let type: UInt8 = records.readInteger() {
            guard type == handshakeRecord else { return .other }
            guard let version: UInt16 = records.readInteger() else { break }
            guard version >> 8 == 3 else { return .other }
            guard let length: UInt16 = records.readInteger() else { break }
            guard length > 0 else { return .other }
            guard var fragment = records.readSlice(length: Int(length)) else { break }
            message.writeBuffer(&fragment)
            guard let kind: UInt8 = message.getInteger(at: message.readerIndex), kind == clientHelloMessage else { return .other }
            guard message.readableBytes >= 4, let size: UInt32 = message.getInteger(at: message.readerIndex) else { continue }
            guard size & 0xFF_FFFF <= limit else { return .other }
            guard var body = message.getSlice(at: message.readerIndex + 4, length: Int(size & 0xFF_FFFF)) else { continue }
            return ClientHello(&body).map { .hello($0) } ?? .other
        }
        return bytes.readableBytes < limit ? .incomplete : .other
    }

    init(serverName: String? = nil, protocols: [String] = []) {
        (self.serverName, self.protocols) = (serverName, protocols)
    }

    /// Nil when `body` is none.
    private init?(_ body: inout ByteBuffer) {
        guard body.readSlice(length: 2 + 32) != nil, body.readLengthPrefixedSlice(as: UInt8.self) != nil,
            body.readLengthPrefixedSlice(as: UInt16.self) != nil, body.readLengthPrefixedSlice(as: UInt8.self) != nil
        else { return nil }
        // There were clients without extensions.
        guard body.readableBytes > 0 else { return }
        guard var extensions = body.readLengthPrefixedSlice(as: UInt16.self) else { return nil }
        while let type: UInt16 = extensions.readInteger() {
            guard var content = extensions.readLengthPrefixedSlice(as: UInt16.self) else { return nil }
            switch type {
            case Self.serverNameExtension: serverName = Self.serverName(&content)
            case Self.protocolsExtension: protocols = Self.protocols(&content)
            default: break
            }
        }
    }

    private static func serverName(_ content: inout ByteBuffer) -> String? {
        guard var list = content.readLengthPrefixedSlice(as: UInt16.self) else { return nil }
        while let type: UInt8 = list.readInteger(), let name = list.readLengthPrefixedSlice(as: UInt16.self) {
            // Type 0 is a host name; no other has ever been defined.
            if type == 0 { return String(buffer: name) }
        }
        return nil
    }

    private static func protocols(_ content: inout ByteBuffer) -> [String] {
        guard var list = content.readLengthPrefixedSlice(as: UInt16.self) else { return [] }
        var protocols: [String] = []
        while let name = list.readLengthPrefixedSlice(as: UInt8.self) { protocols.append(String(buffer: name)) }
        return protocols
    }
}
