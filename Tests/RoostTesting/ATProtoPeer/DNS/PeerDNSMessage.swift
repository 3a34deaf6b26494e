import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The one question of a query (RFC 1035, 4.1).
struct PeerDNSQuestion: Sendable {
    static let typeA: UInt16 = 1
    static let typeTXT: UInt16 = 16
    static let typeAAAA: UInt16 = 28

    let identifier: UInt16
    let flags: UInt16
    /// In lower case, without the final dot.
    let name: String
    let type: UInt16
    /// The question's bytes as they came, for the answer to repeat.
    let bytes: [UInt8]

    /// - Returns: nil for anything but a standard query with one question in class IN.
    init?(_ packet: ByteBuffer) {
        var packet = packet
        guard let head = packet.readMultipleIntegers(as: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16).self),
            head.1 & 0xF800 == 0, head.2 == 1
        else { return nil }
        let start = packet
        var labels: [String] = []
        while let length = packet.readInteger(as: UInt8.self), length > 0 {
            guard length < 64, let label = packet.readString(length: Int(length)) else { return nil }
            labels.append(label)
        }
        guard let (type, kind) = packet.readMultipleIntegers(as: (UInt16, UInt16).self), kind == 1 else { return nil }
        identifier = head.0
        flags = head.1
        name = labels.joined(separator: ".").lowercased()
        self.type = type
        bytes = Array(start.readableBytesView.prefix(start.readableBytes - packet.readableBytes))
    }

    /// The packet that answers this question; nil for silence.
    func reply(_ answer: PeerNameAnswer) -> ByteBuffer? {
        var records: [[UInt8]] = []
        var code = 0
        switch answer {
        case .silence: return nil
        case .failure(let failure): code = failure
        case .texts(let texts) where type == Self.typeTXT: records = texts.map(Self.characterStrings)
        case .addresses(let addresses) where type == Self.typeA: records = addresses.compactMap(Self.address)
        case .addresses(let addresses) where type == Self.typeAAAA: records = addresses.compactMap(Self.longAddress)
        default: break
        }
        var packet = ByteBuffer()
        // A response, authoritative, recursion as asked for, and the error code.
        let flags = 0x8400 | self.flags & 0x0100 | 0x0080 | UInt16(code)
        packet.writeMultipleIntegers(identifier, flags, UInt16(1), UInt16(records.count), UInt16(0), UInt16(0))
        packet.writeBytes(bytes)
        for record in records {
            // A pointer to the question's name, type, class IN, 60 seconds, the data.
            packet.writeMultipleIntegers(UInt16(0xC00C), type, UInt16(1), UInt32(60), UInt16(record.count))
            packet.writeBytes(record)
        }
        return packet
    }

    private static func characterStrings(_ pieces: [String]) -> [UInt8] {
        pieces.flatMap { piece in
            let bytes = Array(piece.utf8.prefix(255))
            return [UInt8(bytes.count)] + bytes
        }
    }

    private static func address(_ text: String) -> [UInt8]? {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        return bytes.count == 4 ? bytes : nil
    }

    private static func longAddress(_ text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }
}

/// Answers queries over UDP.
final class PeerDNSHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let service: PeerService

    init(service: PeerService) {
        self.service = service
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let question = PeerDNSQuestion(envelope.data) else { return }
        let answer = service.update { $0.resolve(question) }
        guard let packet = question.reply(answer) else { return }
        context.writeAndFlush(wrapOutboundOut(AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: packet)), promise: nil)
    }
}
