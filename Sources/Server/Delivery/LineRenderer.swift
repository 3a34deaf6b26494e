import IRCProtocol
import NIOCore

/// Serialises one line once per shape of capabilities, however many recipients there are.
struct LineRenderer {
    private let line: Line
    private var rendered: [ByteBuffer?] = []

    init(_ line: Line) {
        self.line = line
    }

    /// The bytes for a client with `capabilities`; all clients of one shape share one buffer.
    mutating func bytes(for capabilities: CapabilitySet) -> ByteBuffer {
        let shape = shape(of: capabilities)
        guard shape != 0 else { return line.body }
        if rendered.isEmpty { rendered = Array(repeating: nil, count: 32) }
        if let bytes = rendered[shape] { return bytes }
        let bytes = Self.render(line, for: capabilities)
        rendered[shape] = bytes
        return bytes
    }

    /// The bytes for one recipient alone.
    static func render(_ line: Line, for capabilities: CapabilitySet) -> ByteBuffer {
        let section = line.tags.section(for: capabilities)
        guard !section.isEmpty else { return line.body }
        var bytes = ByteBuffer()
        bytes.reserveCapacity(section.utf8.count + line.body.readableBytes)
        bytes.writeString(section)
        bytes.writeImmutableBuffer(line.body)
        return bytes
    }

    /// Which of the tags the client sees. Batch and label need no bit: such a line has one
    /// recipient, or it is inside a batch and has no other tags.
    private func shape(of capabilities: CapabilitySet) -> Int {
        let tags = line.tags
        var shape = 0
        if tags.time != nil, capabilities.contains(.serverTime) { shape |= 1 }
        if tags.account != nil, capabilities.contains(.accountTag) { shape |= 2 }
        if tags.batch != nil || tags.label != nil || !tags.ofBatch.isEmpty { shape |= 4 }
        if tags.id != nil || tags.correspondent != nil || tags.event != nil || tags.isBot || !tags.clientOnly.isEmpty,
            capabilities.contains(.messageTags)
        {
            shape |= 4
        }
        if tags.isOperator, capabilities.contains(.operTag) { shape |= 8 }
        if tags.relayedBy != nil, capabilities.contains(.relayMessage) { shape |= 16 }
        return shape
    }
}
