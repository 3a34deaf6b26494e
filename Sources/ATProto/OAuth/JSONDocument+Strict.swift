package import Foundation

extension JSONDocument {
    /// Nil as well when it is not UTF-8 or a name occurs twice: two readers might take different ones for true.
    package init?(strict data: Data) {
        guard data.first == UInt8(ascii: "{"), String(validating: data, as: UTF8.self) != nil else { return nil }
        self.init(data)
        guard let names = Self.names(in: Array(data)), Set(names).count == names.count else { return nil }
    }

    /// The names of the outermost members in the text of a JSON object; nil when one cannot be read.
    private static func names(in text: [UInt8]) -> [String]? {
        var names: [String] = []
        var (depth, position) = (0, 0)
        var isAfterComma = false
        while position < text.count {
            switch text[position] {
            // The decoder forgives a comma with nothing behind it.
            case UInt8(ascii: "}") where isAfterComma, UInt8(ascii: "]") where isAfterComma: return nil
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = position
                position += 1
                while position < text.count, text[position] != UInt8(ascii: "\"") {
                    position += text[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                let next = text.dropFirst(position + 1).first { !" \t\r\n".utf8.contains($0) }
                guard depth == 1, next == UInt8(ascii: ":") else { break }
                guard position < text.count,
                    let name = try? JSONDecoder().decode(String.self, from: Data(text[start...position]))
                else { return nil }
                names.append(name)
            default: break
            }
            guard position < text.count else { return nil }
            if !" \t\r\n".utf8.contains(text[position]) { isAfterComma = text[position] == UInt8(ascii: ",") }
            position += 1
        }
        return names
    }
}
