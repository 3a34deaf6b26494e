import ATProto

/// Decides where a login may be sent back to: a path on the own origin, or an address whose origin is exactly one of a
/// list. The result carries bearer tokens, so nothing here matches by prefix.
struct ReturnAddress {
    private let own: Origin
    private let allowed: Set<Origin>

    init(own: Origin, others: [Origin]) {
        self.own = own
        allowed = Set(others + [own])
    }

    /// The address for `returnTo`, or nil when it is not allowed. Without one, the origin of `referer` if that is
    /// allowed, else the own origin.
    func resolve(returnTo: String?, referer: String?) -> String? {
        if let returnTo, !returnTo.isEmpty { return checked(returnTo) }
        if let referer, Self.isPlain(referer), let origin = Self.origin(of: referer), allowed.contains(origin) { return origin.text }
        return own.text
    }

    /// Whether an address that was resolved is one of this server.
    func isOwn(_ address: String) -> Bool { Self.origin(of: address) == own }

    private func checked(_ text: String) -> String? {
        guard Self.isPlain(text), !text.contains("#") else { return nil }
        if text.hasPrefix("/") { return text.hasPrefix("//") ? nil : own.text + text }
        guard let origin = Self.origin(of: text), allowed.contains(origin) else { return nil }
        return origin.text + Self.rest(of: text)
    }

    /// Browsers drop tabs and line breaks from an address and read a backslash as a slash, so none may be in it.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 2048 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
    }

    /// Scheme and authority of an absolute address.
    private static func origin(of text: String) -> Origin? {
        Origin(String(text.dropLast(rest(of: text).count)))
    }

    /// What follows the authority.
    private static func rest(of text: String) -> Substring {
        guard let start = text.firstRange(of: "://")?.upperBound else { return "" }
        return text[start...].drop { $0 != "/" && $0 != "?" }
    }
}
