import Foundation

extension String {
    /// The password as clients hash it in SCRAM (SASLprep, RFC 4013); nil when they refuse to, or nothing is left of it. Characters that
    /// Unicode 3.2 did not know yet are taken. The rule about directions is left to the clients: whoever breaks it logs in with PLAIN.
    var preparedPassword: String? {
        var mapped = String.UnicodeScalarView()
        for scalar in unicodeScalars where !Self.isMappedToNothing(scalar) {
            mapped.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        let text = String(mapped).precomposedStringWithCompatibilityMapping
        return text.isEmpty || text.unicodeScalars.contains(where: Self.isProhibited) ? nil : text
    }

    /// RFC 3454, table B.1.
    private static func isMappedToNothing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x1806, 0x180B...0x180D, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    /// RFC 4013 section 2.3: controls, private use, what is no character, what changes how text is read.
    private static func isProhibited(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x340, 0x341, 0x2FF0...0x2FFB, 0xFFF9...0xFFFD, 0xE0001, 0xE0020...0xE007F: true
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
            default: false
            }
        }
    }
}
