package import Foundation

/// A JSON value, so that the peer's answers can be built and patched as data.
package enum PeerJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([PeerJSON])
    case object([String: PeerJSON])

    /// This value after a merge patch (RFC 7396): objects merge, `null` removes a member, all else replaces.
    package func merged(with patch: PeerJSON) -> PeerJSON {
        guard case .object(let changes) = patch else { return patch }
        var members: [String: PeerJSON] = [:]
        if case .object(let existing) = self { members = existing }
        for (name, change) in changes {
            if case .null = change {
                members[name] = nil
            } else {
                members[name] = (members[name] ?? .null).merged(with: change)
            }
        }
        return .object(members)
    }

    /// The compact text, members in order of their names, as UTF-8.
    package var data: Data { Data(text.utf8) }

    private var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension PeerJSON: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([PeerJSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: PeerJSON].self))
        }
    }
}

extension PeerJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension PeerJSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral {
    package init(arrayLiteral elements: PeerJSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, PeerJSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    package init(nilLiteral: ()) { self = .null }
}

extension PeerJSON {
    /// The value of a JSON text. Throws what `JSONDecoder` throws.
    package init(parsing data: Data) throws {
        self = try JSONDecoder().decode(PeerJSON.self, from: data)
    }
}
