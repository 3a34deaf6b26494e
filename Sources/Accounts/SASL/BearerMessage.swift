import Foundation

/// What a client sends with a mechanism that takes a token.
struct BearerMessage: Equatable {
    let token: String
    /// The name that the client wants to act as; nil: whoever the token names.
    let authorization: String?

    /// `authzid NUL type NUL token` of IRCV3BEARER; nil when `data` is something else, or the type not one of ours.
    init?(ircv3 data: Data) {
        let fields = data.split(separator: 0, omittingEmptySubsequences: false).map { String(validating: $0, as: UTF8.self) }
        guard fields.count == 3, let name = fields[0], let type = fields[1]?.lowercased(), let token = fields[2],
            type == "oauth2" || type == "jwt", !token.isEmpty
        else { return nil }
        self.init(token: token, authorization: name)
    }

    /// The message of OAUTHBEARER (RFC 7628 section 3.1): a GS2 header and pairs, each ended by 0x01. Nil when `data` is
    /// something else; channel binding is not to be had.
    init?(oauth data: Data) {
        guard let text = String(validating: data, as: UTF8.self), text.hasSuffix("\u{1}\u{1}") else { return nil }
        let parts = text.dropLast(2).split(separator: "\u{1}", omittingEmptySubsequences: false)
        guard let header = parts.first?.split(separator: ",", omittingEmptySubsequences: false), header.count == 3,
            header[0] == "n" || header[0] == "y", header[1].isEmpty || header[1].hasPrefix("a="), header[2].isEmpty
        else { return nil }
        let values = parts.dropFirst().filter { $0.hasPrefix("auth=") }.map { $0.dropFirst(5) }
        guard values.count == 1, let words = values.first?.split(separator: " "), words.count == 2, words[0].lowercased() == "bearer" else {
            return nil
        }
        let name = header[1].dropFirst(2).replacingOccurrences(of: "=2C", with: ",").replacingOccurrences(of: "=3D", with: "=")
        self.init(token: String(words[1]), authorization: name)
    }

    private init(token: String, authorization: String) {
        self.token = token
        self.authorization = authorization.isEmpty ? nil : authorization
    }

    /// The answer of OAUTHBEARER to a token that is not taken (RFC 7628 section 3.2.2), in base64.
    static let refusal = Data(#"{"status":"invalid_token","schemes":"bearer"}"#.utf8).base64EncodedString()
}
