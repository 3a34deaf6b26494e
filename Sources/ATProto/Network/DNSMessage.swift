import NIOCore

/// Questions and answers of DNS, as bytes (RFC 1035 section 4; EDNS0 for the size of the answer, RFC 6891).
enum DNSMessage {
    enum RecordType: UInt16, Sendable {
        case a = 1
        case txt = 16
        case aaaa = 28
    }

    /// What an answer says.
    struct Answer: Sendable, Equatable {
        /// 0 no error, 2 server failure, 3 no such name.
        var code: UInt8
        /// It did not fit: ask by TCP.
        var isTruncated: Bool
        /// The contents of the records of the asked type: text, or an address as text.
        var values: [String]
    }

    static func question(id: UInt16, name: String, type: RecordType) -> ByteBuffer? {
        var buffer = ByteBuffer()
        buffer.writeMultipleIntegers(id, UInt16(0x0100), UInt16(1), UInt16(0), UInt16(0), UInt16(1))
        for label in name.split(separator: ".") {
            guard (1...63).contains(label.utf8.count) else { return nil }
            buffer.writeInteger(UInt8(label.utf8.count))
            buffer.writeString(String(label))
        }
        buffer.writeMultipleIntegers(UInt8(0), type.rawValue, UInt16(1))
        // OPT: the root, type 41, 1232 bytes, nothing else.
        buffer.writeMultipleIntegers(UInt8(0), UInt16(41), UInt16(1232), UInt32(0), UInt16(0))
        return buffer
    }

    /// Nil when `bytes` are no answer to that question: wrong id, name or type, or malformed.
    static func answer(_ bytes: ByteBuffer, id: UInt16, name: String, type: RecordType) -> Answer? {
        var reader = Reader(bytes)
        guard let answerID = reader.uint16(), answerID == id, let flags = reader.uint16(), flags & 0x8000 != 0,
            let questions = reader.uint16(),
            let answers = reader.uint16(), reader.uint16() != nil, reader.uint16() != nil, questions == 1,
            let asked = reader.name(), asked.lowercased() == name.lowercased(), reader.uint16() == type.rawValue, reader.uint16() == 1
        else { return nil }
        var values: [String] = []
        let isTruncated = flags & 0x0200 != 0
        for _ in 0..<answers {
            // An answer that was cut off ends anywhere.
            guard reader.name() != nil, let recordType = reader.uint16(), let recordClass = reader.uint16(), reader.uint32() != nil,
                let length = reader.uint16(), let data = reader.bytes(Int(length))
            else { return isTruncated ? Answer(code: UInt8(flags & 15), isTruncated: true, values: []) : nil }
            guard recordType == type.rawValue, recordClass == 1 else { continue }
            guard let value = value(data, type) else { return nil }
            values.append(value)
        }
        return Answer(code: UInt8(flags & 15), isTruncated: isTruncated, values: values)
    }

    private static func value(_ data: [UInt8], _ type: RecordType) -> String? {
        switch type {
        case .a:
            return data.count == 4 ? data.map(String.init).joined(separator: ".") : nil
        case .aaaa:
            guard data.count == 16 else { return nil }
            return stride(from: 0, to: 16, by: 2).map { String(UInt16(data[$0]) << 8 | UInt16(data[$0 + 1]), radix: 16) }.joined(
                separator: ":")
        case .txt:
            var (text, position) = ([UInt8](), 0)
            while position < data.count {
                let end = position + 1 + Int(data[position])
                guard end <= data.count else { return nil }
                text += data[position + 1..<end]
                position = end
            }
            return String(validating: text, as: UTF8.self)
        }
    }

    private struct Reader {
        private let bytes: ByteBuffer
        private var position: Int

        init(_ bytes: ByteBuffer) {
            self.bytes = bytes
            position = bytes.readerIndex
        }

        mutating func uint16() -> UInt16? { integer() }
        mutating func uint32() -> UInt32? { integer() }

        mutating func bytes(_ count: Int) -> [UInt8]? {
            guard let found = bytes.getBytes(at: position, length: count) else { return nil }
            position += count
            return found
        }

        /// Follows compression pointers, each of which must point backwards, so that there is no loop.
        mutating func name() -> String? {
            var labels: [String] = []
            var (cursor, end, total) = (position, Int?.none, 0)
            while let length: UInt8 = bytes.getInteger(at: cursor) {
                if length == 0 {
                    position = end ?? cursor + 1
                    return labels.joined(separator: ".")
                }
                if length & 0xC0 == 0xC0 {
                    guard let pointer: UInt16 = bytes.getInteger(at: cursor) else { return nil }
                    let target = bytes.readerIndex + Int(pointer & 0x3FFF)
                    guard target < cursor else { return nil }
                    end = end ?? cursor + 2
                    cursor = target
                    continue
                }
                total += Int(length) + 1
                guard length & 0xC0 == 0, total <= 255, let label = bytes.getString(at: cursor + 1, length: Int(length)) else { return nil }
                labels.append(label)
                cursor += Int(length) + 1
            }
            return nil
        }

        private mutating func integer<Value: FixedWidthInteger>() -> Value? {
            guard let value: Value = bytes.getInteger(at: position) else { return nil }
            position += MemoryLayout<Value>.size
            return value
        }
    }
}
