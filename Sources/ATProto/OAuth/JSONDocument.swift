package import Foundation

/// A JSON object from the network, read member by member. A member of another type than asked for reads as absent.
package struct JSONDocument: Sendable {
    private let members: [String: Value]

    /// Nil when `data` is not a JSON object.
    package init?(_ data: Data) {
        guard let members = try? JSONDecoder().decode([String: Value].self, from: data) else { return nil }
        self.members = members
    }

    /// The text of the member.
    package func string(_ name: String) -> String? {
        guard case .text(let text) = members[name] else { return nil }
        return text
    }

    /// The list of the member; nil also when one entry is not text.
    package func strings(_ name: String) -> [String]? {
        guard case .list(let values) = members[name] else { return nil }
        let texts = values.compactMap { value -> String? in
            guard case .text(let text) = value else { return nil }
            return text
        }
        return texts.count == values.count ? texts : nil
    }

    /// Whether the member is `true`.
    package func isTrue(_ name: String) -> Bool {
        guard case .flag(true) = members[name] else { return false }
        return true
    }

    /// A whole number, also when it came as text or with a fraction, as some servers send it.
    package func integer(_ name: String) -> Int64? {
        switch members[name] {
        case .number(let number): Int64(exactly: number.rounded(.down))
        case .text(let text): Int64(text)
        default: nil
        }
    }

    /// Whether there is such a member, of whatever type.
    package func has(_ name: String) -> Bool {
        members[name] != nil
    }

    /// A whole number that came as one.
    package func wholeNumber(_ name: String) -> Int64? {
        guard case .number(let number) = members[name] else { return nil }
        return Int64(exactly: number)
    }

    private enum Value: Decodable {
        case flag(Bool)
        case number(Double)
        case text(String)
        case list([Value])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .other
            }
        }
    }
}
