import IRCProtocol

/// How modes are kept on disk: in letters, as people write them.
extension ChannelModes: Codable {
    private struct Entry: Codable {
        var mask: String
        var setBy: String
        var setAt: Int64
    }

    private enum CodingKeys: String, CodingKey {
        case flags, parameters, lists
    }

    init(from decoder: any Decoder) throws {
        self.init()
        let record = try decoder.container(keyedBy: CodingKeys.self)
        for mode in ChannelMode.all(.flag) { _ = set(mode, false) }
        for mode in try record.decode(String.self, forKey: .flags).compactMap({ ChannelMode(rawValue: $0) }) { _ = set(mode, true) }
        for (letter, value) in try record.decode([String: String].self, forKey: .parameters) {
            guard let mode = letter.first.flatMap({ ChannelMode(rawValue: $0) }) else { continue }
            if mode == .key { key = value } else { _ = set(mode, to: value, nameLimit: .max) }
        }
        for (letter, entries) in try record.decode([String: [Entry]].self, forKey: .lists) {
            guard let mode = letter.first.flatMap({ ChannelMode(rawValue: $0) }) else { continue }
            for entry in entries {
                guard let mask = BanMask(entry.mask) else { continue }
                _ = add(ListEntry(mask: mask, setBy: entry.setBy, setAt: entry.setAt), to: mode)
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var record = encoder.container(keyedBy: CodingKeys.self)
        try record.encode(String(ChannelMode.all(.flag).filter(contains).map(\.rawValue)), forKey: .flags)
        var parameters: [String: String] = [:]
        for mode in ChannelMode.allCases { parameters[String(mode.rawValue)] = parameter(mode) }
        try record.encode(parameters, forKey: .parameters)
        let lists = lists.map { mode, entries in
            (String(mode.rawValue), entries.map { Entry(mask: $0.mask.text, setBy: $0.setBy, setAt: $0.setAt) })
        }
        try record.encode(Dictionary(uniqueKeysWithValues: lists), forKey: .lists)
    }
}
