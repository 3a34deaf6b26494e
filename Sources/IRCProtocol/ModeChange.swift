/// One step of a `MODE` command.
package struct ModeChange<Mode: Sendable & Equatable>: Sendable, Equatable {
    /// `+` or `-`.
    package var adding: Bool
    package var mode: Mode
    /// The parameter, for modes that take one.
    package var parameter: String?

    package init(adding: Bool, mode: Mode, parameter: String? = nil) {
        (self.adding, self.mode, self.parameter) = (adding, mode, parameter)
    }
}

/// A `MODE #channel` command taken apart (modern-irc "MODE message"). Nothing here knows a channel.
package struct ChannelModeRequest: Sendable, Equatable {
    /// What was asked for, in order. A list mode without a parameter asks to see the list.
    package var changes: [ModeChange<ChannelMode>] = []
    /// Letters that are no mode.
    package var unknown: [Character] = []
    /// Modes whose parameter is missing.
    package var missingParameter: [ChannelMode] = []

    /// - Parameters:
    ///   - letters: `+ov-b`, without a sign it adds.
    ///   - parameters: in the order of the letters that take one.
    package init(letters: String, parameters: [String]) {
        var adding = true
        var rest = parameters[...]
        for letter in letters {
            if letter == "+" || letter == "-" {
                adding = letter == "+"
                continue
            }
            guard let mode = ChannelMode(rawValue: letter) else {
                unknown.append(letter)
                continue
            }
            switch mode.kind {
            case .flag:
                changes.append(ModeChange(adding: adding, mode: mode))
            case .list:
                changes.append(ModeChange(adding: adding, mode: mode, parameter: rest.popFirst()))
            case .whenSet where !adding:
                changes.append(ModeChange(adding: false, mode: mode))
            case .always where !adding:
                // Taking the key away needs no key: `MODE #c -k` is what people type.
                changes.append(ModeChange(adding: false, mode: mode, parameter: rest.popFirst() ?? "*"))
            case .whenSet, .always, .member:
                guard let parameter = rest.popFirst() else {
                    missingParameter.append(mode)
                    continue
                }
                changes.append(ModeChange(adding: adding, mode: mode, parameter: parameter))
            }
        }
    }
}

/// Writes changes as they are announced: `+o-v alice bob`.
package struct ModeText: Sendable {
    /// The letters with their signs.
    package private(set) var letters = ""
    /// The parameters in the order of the letters.
    package private(set) var parameters: [String] = []
    private var adding: Bool?

    package init() {}

    package var isEmpty: Bool { letters.isEmpty }

    package mutating func append(adding: Bool, letter: Character, parameter: String? = nil) {
        if self.adding != adding {
            letters.append(adding ? "+" : "-")
            self.adding = adding
        }
        letters.append(letter)
        if let parameter { parameters.append(parameter) }
    }
}
