/// `CASEMAPPING=ascii`: two names are one when they differ only in the case of the letters A to Z.
package enum CaseMapping {
    /// The form in which names are compared and looked up.
    package static func fold(_ name: some StringProtocol) -> String {
        guard name.utf8.contains(where: isUpper) else { return String(name) }
        return String(decoding: name.utf8.map { isUpper($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }
}
