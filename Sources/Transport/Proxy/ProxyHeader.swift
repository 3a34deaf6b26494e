import NIOCore

/// What a proxy says of the connection that it passes on, before anything else: the PROXY protocol, version 1 (a line) or 2
/// (binary), as HAProxy and most balancers speak it.
struct ProxyHeader: Equatable {
    /// Who connected to the proxy.
    struct Client: Equatable {
        /// Canonical text of an IP address.
        var address: String
        var port: Int
    }

    /// Nil: the proxy speaks for itself (health checks), or cannot tell.
    var client: Client?
    /// Whether the client came over TLS, which the proxy took off.
    var isSecure = false

    /// What the first bytes of a connection are.
    enum Reading: Equatable {
        /// More bytes are needed to tell.
        case incomplete
        /// There is no header; nothing was read.
        case absent
        case header(ProxyHeader)
        /// It begins like one and is none.
        case malformed
    }

    /// The longest header of version 1 with its CR LF, and what version 2 may have behind its first 16 bytes.
    static let lineLimit = 107
    static let bodyLimit = 2048

    /// Reads a header from the beginning of `bytes`, which then begin with what the client says.
    static func read(_ bytes: inout ByteBuffer) -> Reading {
        for (start, read) in [(Array("PROXY ".utf8), line), (signature, binary)] {
            let known = bytes.readableBytesView.prefix(start.count)
            guard start.starts(with: known) else { continue }
            return known.count < start.count ? .incomplete : read(&bytes)
        }
        return .absent
    }

    // MARK: Version 1

    private static func line(_ bytes: inout ByteBuffer) -> Reading {
        let view = bytes.readableBytesView.prefix(lineLimit)
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return view.count < lineLimit ? .incomplete : .malformed }
        var words = String(decoding: view[..<end], as: UTF8.self)
        // HAProxy ends it with CR LF; clients of IRC that are made to say it by hand may leave the CR out.
        if words.last == "\r" { words.removeLast() }
        bytes.moveReaderIndex(to: end + 1)
        let fields = words.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count > 1 else { return .malformed }
        if fields[1] == "UNKNOWN" { return .header(ProxyHeader()) }
        guard fields.count == 6, ["TCP4", "TCP6"].contains(fields[1]), let port = UInt16(fields[4]), UInt16(fields[5]) != nil,
            let address = canonical(String(fields[2])), canonical(String(fields[3])) != nil
        else { return .malformed }
        return .header(ProxyHeader(client: Client(address: address, port: Int(port))))
    }

    private static func canonical(_ text: String) -> String? {
        (try? SocketAddress(ipAddress: text, port: 0))?.canonicalText
    }

    // MARK: Version 2

    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    private static func binary(_ bytes: inout ByteBuffer) -> Reading {
        let start = bytes.readerIndex
        guard let length = bytes.getInteger(at: start + 14, as: UInt16.self).map(Int.init) else { return .incomplete }
        guard length <= bodyLimit else { return .malformed }
        guard bytes.readableBytes >= 16 + length else { return .incomplete }
        bytes.moveReaderIndex(forwardBy: signature.count)
        guard let command = bytes.readInteger(as: UInt8.self), let family = bytes.readInteger(as: UInt8.self), command >> 4 == 2,
            bytes.readInteger(as: UInt16.self) != nil, var body = bytes.readSlice(length: length)
        else { return .malformed }
        switch command & 0x0F {
        case 0: return .header(ProxyHeader())
        case 1: break
        default: return .malformed
        }
        let width: Int
        switch family {
        case 0x11: width = 4
        case 0x21: width = 16
        // Unix sockets, UDP and what is not specified: the address of the proxy has to do.
        default: return .header(ProxyHeader())
        }
        guard let source = body.readSlice(length: width), body.readSlice(length: width) != nil,
            let port = body.readInteger(as: UInt16.self), body.readInteger(as: UInt16.self) != nil,
            let address = (try? SocketAddress(packedIPAddress: source, port: 0))?.canonicalText
        else { return .malformed }
        return .header(ProxyHeader(client: Client(address: address, port: Int(port)), isSecure: cameOverTLS(&body)))
    }

    /// Looks for PP2_TYPE_SSL among the type-length-value triples: its first byte has a bit for a client that spoke TLS.
    private static func cameOverTLS(_ body: inout ByteBuffer) -> Bool {
        while let type = body.readInteger(as: UInt8.self), let length = body.readInteger(as: UInt16.self),
            let value = body.readSlice(length: Int(length))
        {
            if type == 0x20, let flags = value.getInteger(at: value.readerIndex, as: UInt8.self) { return flags & 1 == 1 }
        }
        return false
    }
}
