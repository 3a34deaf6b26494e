package import IRCProtocol
package import NIOCore

/// A line on its way out: its bytes without tags, and the tags that a recipient may see.
package struct Line: Sendable {
    /// The longest line without tags, CR LF included (RFC 1459 section 2.3).
    package static let maximumLength = 512
    /// The longest line without tags that goes to and comes from those who take long lines (``Peer/takesLongLines``), CR LF included.
    package static let longLength = 8192

    /// The line without tags, with CR LF.
    package let body: ByteBuffer
    /// The tags that go with it, each to those who asked for its capability.
    package var tags: LineTags

    /// Builds `:source VERB parameters :text`, cut at a character when it would be longer than 512 bytes.
    ///
    /// - Parameters:
    ///   - text: the last parameter, written with a colon; nil: there is none.
    ///   - limit: another length at which it is cut, CR LF included.
    package init(
        _ source: String, _ verb: String, _ parameters: [String] = [], text: String? = nil, tags: LineTags = LineTags(),
        limit: Int = Line.maximumLength
    ) {
        var buffer = Self.start(source, verb, parameters, reserving: text?.utf8.count ?? 0)
        if let text {
            buffer.writeString(" :")
            buffer.writeString(text)
        }
        self.init(finishing: buffer, tags: tags, limit: limit)
    }

    /// `FAIL verb code context :text` (IRCv3 standard-replies). What cannot stand in the middle of a line is `*`.
    package init(fail code: FailCode, of verb: String, _ context: [String], text: String, from server: String) {
        self.init(server, "FAIL", [verb, code.rawValue] + context.map(\.asParameter), text: text)
    }

    /// `WARN` or `NOTE`, likewise.
    package init(_ code: NoteCode, of verb: String, text: String, from server: String) {
        self.init(server, code.verb, [verb, code.rawValue], text: text)
    }

    /// As above, with a last parameter that stays in bytes.
    package init(
        _ source: String, _ verb: String, _ parameters: [String], bytes: ByteBuffer, tags: LineTags, limit: Int = Line.maximumLength
    ) {
        var buffer = Self.start(source, verb, parameters, reserving: bytes.readableBytes)
        buffer.writeString(" :")
        buffer.writeImmutableBuffer(bytes)
        self.init(finishing: buffer, tags: tags, limit: limit)
    }

    /// Bytes of text that a line to `target` may have before it is cut.
    static func room(_ source: String, _ verb: String, _ target: String, limit: Int = Line.maximumLength) -> Int {
        // ":source VERB target :" and CR LF.
        limit - source.utf8.count - verb.utf8.count - target.utf8.count - 7
    }

    private static func start(_ source: String, _ verb: String, _ parameters: [String], reserving more: Int) -> ByteBuffer {
        var size = source.utf8.count + verb.utf8.count + more + 8
        for parameter in parameters { size += parameter.utf8.count + 1 }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(size)
        if !source.isEmpty {
            buffer.writeString(":")
            buffer.writeString(source)
            buffer.writeString(" ")
        }
        buffer.writeString(verb)
        for parameter in parameters {
            buffer.writeString(" ")
            buffer.writeString(parameter)
        }
        return buffer
    }

    private init(finishing buffer: ByteBuffer, tags: LineTags, limit: Int) {
        var buffer = buffer
        let limit = limit - 2
        if buffer.readableBytes > limit {
            var end = limit
            while end > 0, let byte: UInt8 = buffer.getInteger(at: end), byte & 0xC0 == 0x80 { end -= 1 }
            buffer.moveWriterIndex(to: end)
        }
        buffer.writeString("\r\n")
        body = buffer
        self.tags = tags
    }
}

/// The tags of an outgoing line.
package struct LineTags: Sendable, Equatable {
    /// When it happened, in milliseconds since 1970 (`time`, server-time).
    package var time: Int64?
    /// Its id (`msgid`, message-tags).
    package var id: String?
    /// The account of who did it (`account`, account-tag).
    package var account: String?
    /// Client-only tags, raw (message-tags).
    package var clientOnly = ""
    /// Whether a bot did it (`bot`, message-tags).
    package var isBot = false
    /// Whether somebody did it who is shown as an operator (`draft/oper`, draft/oper-tag).
    package var isOperator = false
    /// The nickname of who relayed it (`draft/relaymsg`).
    package var relayedBy: String?
    /// The DID of the other side of a conversation (`freeq.at/partner-did`).
    package var correspondent: String?
    /// What it tells an operator, for programs (`roost.chat/event`, message-tags).
    var event: String?
    /// Whether the line continues the one before in its batch (`draft/multiline-concat`): only with ``batch``.
    package var isConcat = false
    /// Whether it belongs to the message before it in its batch and was not asked for (`draft/chathistory-context`): only with ``batch``.
    package var isContext = false
    /// The batch it belongs to (`batch`): for one recipient only.
    package var batch: String?
    /// What the server says of the batch that it opens, names without values: for one recipient only.
    var ofBatch: [ServerTag] = []
    /// The label of the command it answers (`label`): for one recipient only.
    package var label: String?

    package init(time: Int64? = nil, id: String? = nil, account: String? = nil, clientOnly: String = "") {
        (self.time, self.id, self.account, self.clientOnly) = (time, id, account, clientOnly)
    }

    /// The section with `@` and space that a client with `capabilities` gets; `""` when it gets none.
    func section(for capabilities: CapabilitySet) -> String {
        var section = ""
        func put(_ tag: ServerTag, _ value: String) {
            section += section.isEmpty ? "@" : ";"
            section += tag.rawValue
            section += "="
            section += value
        }
        func put(_ tag: ServerTag) {
            section += section.isEmpty ? "@" : ";"
            section += tag.rawValue
        }
        if let batch { put(.batch, batch) }
        if isConcat { put(.multilineConcat) }
        if isContext { put(.chathistoryContext) }
        if let label { put(.label, TagSection.escape(label)) }
        for tag in ofBatch { put(tag) }
        if let time, capabilities.contains(.serverTime) { put(.time, ServerTime.format(time)) }
        if let account, capabilities.contains(.accountTag) { put(.account, TagSection.escape(account)) }
        if capabilities.contains(.messageTags) {
            if let id { put(.messageID, id) }
            if let correspondent { put(.partner, TagSection.escape(correspondent)) }
            if let event { put(.event, TagSection.escape(event)) }
            if isBot { put(.bot) }
            if !clientOnly.isEmpty { section += (section.isEmpty ? "@" : ";") + clientOnly }
        }
        if isOperator, capabilities.contains(.operTag) { put(.oper) }
        if let relayedBy, capabilities.contains(.relayMessage) { put(.relayed, TagSection.escape(relayedBy)) }
        if !section.isEmpty { section += " " }
        return section
    }
}
