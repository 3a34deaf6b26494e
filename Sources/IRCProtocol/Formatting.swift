package import NIOCore

/// The formatting codes in what people say: bold, colours and the like.
package enum Formatting {
    private static let toggles: Set<UInt8> = [0x02, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F]
    private static let colour: UInt8 = 0x03
    private static let hexColour: UInt8 = 0x04

    /// `text` without formatting codes and the colours behind them (channel mode `c`).
    package static func stripped(_ text: ByteBuffer) -> ByteBuffer {
        let bytes = text.readableBytesView
        guard bytes.contains(where: { $0 < 0x20 && $0 != 0x01 }) else { return text }
        var clean = ByteBuffer()
        clean.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case colour: dropColours(&rest, digits: 2) { (0x30...0x39).contains($0) }
            case hexColour: dropColours(&rest, digits: 6, where: isHex)
            case _ where toggles.contains(byte): break
            default: clean.writeInteger(byte)
            }
        }
        return clean
    }

    /// Takes `foreground[,background]` away; a comma without a number behind it is text.
    private static func dropColours(_ rest: inout ByteBufferView, digits: Int, where isDigit: (UInt8) -> Bool) {
        let first = rest.prefix(digits).prefix(while: isDigit).count
        rest = rest.dropFirst(first)
        guard first > 0, rest.first == UInt8(ascii: ",") else { return }
        let second = rest.dropFirst().prefix(digits).prefix(while: isDigit).count
        if second > 0 { rest = rest.dropFirst(second + 1) }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
    }
}
