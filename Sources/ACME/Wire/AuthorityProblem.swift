package import Foundation

/// Why an authority refuses something (RFC 8555 section 6.7, RFC 7807).
package struct AuthorityProblem: Sendable, Equatable {
    /// The kinds that something is done about; all others end the order.
    package enum Kind: String, Sendable {
        case badNonce, rateLimited, accountDoesNotExist, orderNotReady, alreadyReplaced
        case other
    }

    package let kind: Kind
    /// One line of at most 400 characters, for people. The authority wrote it.
    package let text: String

    private static let prefix = "urn:ietf:params:acme:error:"

    /// - Parameters:
    ///   - data: the body of the answer; it need not be a problem document.
    ///   - status: the HTTP status that came with it.
    package init(_ data: Data, status: Int) {
        let document = try? JSONDecoder().decode(Document.self, from: data)
        self.init(document ?? Document(), otherwise: "status \(status)")
    }

    init(_ document: Document, otherwise: String) {
        let name = document.type.map { $0.hasPrefix(Self.prefix) ? String($0.dropFirst(Self.prefix.count)) : $0 }
        kind = name.flatMap(Kind.init) ?? .other
        let parts = (document.subproblems ?? []).compactMap { part in
            part.detail.map { "\(part.identifier?.value ?? "?"): \($0)" }
        }
        text = Self.line(
            [name ?? otherwise, document.detail].compactMap(\.self).joined(separator: ": ") + parts.map { "; \($0)" }.joined())
    }

    struct Document: Sendable, Decodable {
        var type: String?
        var detail: String?
        var identifier: Identifier?
        var subproblems: [Part]?
    }

    struct Part: Sendable, Decodable {
        var detail: String?
        var identifier: Identifier?
    }

    /// A line break of somebody else would be another line of the log.
    private static func line(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }.prefix(400))
    }
}

/// What a certificate is for.
struct Identifier: Sendable, Equatable, Codable {
    var type = "dns"
    var value: String
}
